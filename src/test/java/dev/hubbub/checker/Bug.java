package dev.hubbub.checker;

import dev.hubbub.protocol.Place;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;

/** What a server could do wrong, planted into a history in which it did it right. */
enum Bug {
    HOLE {
        @Override
        Optional<History> in(History history, Random random) {
            return changed(history, random, (told, i) -> isRun(told, i, 2), (told, i) -> told.remove(i));
        }
    },
    REPEAT {
        @Override
        Optional<History> in(History history, Random random) {
            return changed(history, random, (told, i) -> isRun(told, i, 1), (told, i) -> told.add(i, told.get(i)));
        }
    },
    SWAP {
        @Override
        Optional<History> in(History history, Random random) {
            return changed(
                    history, random, (told, i) -> isRun(told, i, 2), (told, i) -> Collections.swap(told, i, i + 1));
        }
    },
    /** The live ones follow at once, and what was missed is forgotten. */
    MISSED_ON_RESUMING {
        @Override
        Optional<History> in(History history, Random random) {
            return changed(
                    history,
                    random,
                    (told, i) -> resumes(told, i) && isRun(told, i + 1, 2),
                    (told, i) -> told.remove(i + 1));
        }
    },
    REPEATED_ON_RESUMING {
        @Override
        Optional<History> in(History history, Random random) {
            return changed(
                    history,
                    random,
                    (told, i) -> isRun(told, i, 1) && i + 1 < told.size() && resumes(told, i + 1),
                    (told, i) -> told.add(i + 2, told.get(i)));
        }
    },
    /** To one listener another message is given at a place. */
    TWO_AT_ONE_PLACE {
        @Override
        Optional<History> in(History history, Random random) {
            return changed(history, random, (told, i) -> isLate(history, told, i), (told, i) -> {
                Told.Published published = (Told.Published) told.get(i);
                told.set(i, new Told.Published(published.place(), "another " + published.payload()));
            });
        }
    },
    LAST_ONE_MISSING {
        @Override
        Optional<History> in(History history, Random random) {
            return changed(
                    history,
                    random,
                    (told, i) -> i == told.size() - 1 && isRun(told, i, 1),
                    (told, i) -> told.remove(i));
        }
    },
    RESET_NOT_TOLD {
        @Override
        Optional<History> in(History history, Random random) {
            return changed(
                    history,
                    random,
                    (told, i) -> told.get(i) instanceof Told.Reset && isRun(told, i + 1, 1),
                    (told, i) -> told.remove(i));
        }
    },
    NEEDLESS_RESET {
        @Override
        Optional<History> in(History history, Random random) {
            return history.losses() > 0
                    ? Optional.empty()
                    : changed(history, random, (told, i) -> isRun(told, i, 1), (told, i) -> {
                        Place place = ((Told.Published) told.get(i)).place();
                        told.add(i + 1, new Told.Reset(place, "ahead", 0));
                    });
        }
    },
    ACKNOWLEDGED_AND_LOST {
        @Override
        Optional<History> in(History history, Random random) {
            String room = any(List.copyOf(history.last().keySet()), random);
            Place last = history.last().get(room);
            List<Acknowledged> more = new ArrayList<>(history.acknowledged());
            long now = more.get(more.size() - 1).acknowledgedAt();
            more.add(new Acknowledged(
                    "planted", room, new Place(last.epoch(), last.seq() + 1_000_000), "planted", now, now));
            return Optional.of(sent(history.withAcknowledged(more), room, "planted"));
        }
    },
    /** A repeat with the same key is given a place of its own. */
    TWO_PLACES_FOR_ONE {
        @Override
        Optional<History> in(History history, Random random) {
            return acknowledged(
                    history,
                    random,
                    a -> new Acknowledged(
                            a.publisher(),
                            a.room(),
                            new Place(a.place().epoch(), a.place().seq() + 1_000_000),
                            a.payload(),
                            a.sentAt(),
                            a.acknowledgedAt()));
        }
    },
    BEFORE_AN_EARLIER_ONE {
        @Override
        Optional<History> in(History history, Random random) {
            long end = history.acknowledged().stream()
                    .mapToLong(Acknowledged::acknowledgedAt)
                    .max()
                    .orElse(0);
            return acknowledged(
                    history,
                    random,
                    a -> a.place().seq() == history.last().get(a.room()).seq()
                            ? null
                            : new Acknowledged(a.publisher(), a.room(), a.place(), a.payload(), end + 1, end + 2));
        }
    };

    /** A history with this bug in it somewhere; empty where there is no place for it. */
    abstract Optional<History> in(History history, Random random);

    private interface Fits {
        boolean test(List<Told> told, int index);
    }

    private interface Change {
        void at(List<Told> told, int index);
    }

    private static <T> T any(List<T> list, Random random) {
        return list.get(random.nextInt(list.size()));
    }

    private static Optional<History> changed(History history, Random random, Fits fits, Change change) {
        List<Integer> order = new ArrayList<>(
                IntStream.range(0, history.journeys().size()).boxed().toList());
        Collections.shuffle(order, random);
        for (int number : order) {
            Journey journey = history.journeys().get(number);
            List<Integer> places = IntStream.range(0, journey.told().size())
                    .filter(i -> fits.test(journey.told(), i))
                    .boxed()
                    .toList();
            if (!places.isEmpty()) {
                List<Told> told = new ArrayList<>(journey.told());
                change.at(told, any(places, random));
                List<Journey> journeys = new ArrayList<>(history.journeys());
                journeys.set(number, new Journey(journey.listener(), journey.room(), told));
                return Optional.of(history.withJourneys(journeys));
            }
        }
        return Optional.empty();
    }

    /** Changes one answer of those that nothing excuses; null leaves it as it is. */
    private static Optional<History> acknowledged(History history, Random random, UnaryOperator<Acknowledged> change) {
        List<Acknowledged> all = new ArrayList<>(history.acknowledged());
        Predicate<Acknowledged> last =
                a -> history.last().get(a.room()).epoch().equals(a.place().epoch());
        List<Integer> places = IntStream.range(0, all.size())
                .filter(i -> last.test(all.get(i)) && change.apply(all.get(i)) != null)
                .boxed()
                .toList();
        if (places.isEmpty()) {
            return Optional.empty();
        }
        int index = any(places, random);
        all.set(index, change.apply(all.get(index)));
        return Optional.of(history.withAcknowledged(all));
    }

    private static History sent(History history, String room, String payload) {
        Map<String, Set<String>> sent = new HashMap<>(history.sent());
        Set<String> more = new HashSet<>(sent.getOrDefault(room, Set.of()));
        more.add(payload);
        sent.put(room, more);
        return new History(
                history.journeys(),
                history.acknowledged(),
                sent,
                history.last(),
                history.losses(),
                history.kept(),
                history.odd());
    }

    /** Whether so many messages follow on each other from here. */
    private static boolean isRun(List<Told> told, int from, int count) {
        return from + count <= told.size()
                && told.subList(from, from + count).stream().allMatch(t -> t instanceof Told.Published);
    }

    private static boolean resumes(List<Told> told, int index) {
        return told.get(index) instanceof Told.Joined joined && Boolean.TRUE.equals(joined.recovered());
    }

    /** Whether it is a message of an epoch that is not over. */
    private static boolean isLate(History history, List<Told> told, int index) {
        return told.get(index) instanceof Told.Published published
                && history.last().values().stream()
                        .anyMatch(l -> l.epoch().equals(published.place().epoch()));
    }
}
