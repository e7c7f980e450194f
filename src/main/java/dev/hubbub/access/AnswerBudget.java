package dev.hubbub.access;

import dev.hubbub.config.Settings;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;

/** What answers have that their readers have not taken yet, but for those that fit a container's buffer. */
@Singleton
public class AnswerBudget extends ByteBudget {
    private static final Kind KIND =
            new Kind("answers that are not read", Refusals.Reason.ANSWERS, Refusals.Reason.USER_ANSWERS);

    private final long largest;

    @Inject
    public AnswerBudget(Settings settings, Refusals refusals) {
        this(settings.limits, refusals);
    }

    private AnswerBudget(Settings.Limits limits, Refusals refusals) {
        super(refusals, KIND, limits.answerBytes(), limits.answerBytes() / 2L, limits.answerBytesPerUser());
        largest = Math.min(limits.answerBytes() / 2L, limits.answerBytesPerUser());
    }

    /** What a body of so many bytes counts: one that is larger than a share is good for whoever has no other. */
    public long counted(int bytes) {
        return Math.min(bytes, largest);
    }
}
