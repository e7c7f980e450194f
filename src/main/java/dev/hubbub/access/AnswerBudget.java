package dev.hubbub.access;

import dev.hubbub.config.Settings;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;

/** What answers have that their readers have not taken yet, but for those that fit a container's buffer. */
@Singleton
public class AnswerBudget extends ByteBudget {
    private static final Kind KIND =
            new Kind("answers that are not read", Refusals.Reason.ANSWERS, Refusals.Reason.USER_ANSWERS);

    @Inject
    public AnswerBudget(Settings settings, Refusals refusals) {
        super(
                refusals,
                KIND,
                settings.limits.answerBytes(),
                settings.limits.answerBytes() / 2L,
                settings.limits.answerBytesPerUser());
    }
}
