package dev.hubbub.redis;

import dev.hubbub.cluster.SanctionList;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * One reading of all sanctions, page by page: as they were when it began, and what was heard since. A page may have a change
 * already that is heard later; it is the same once more. Guarded by itself.
 */
final class SanctionReading {
    /** About so many are on a page: a script that runs for long holds up all others. */
    static final int PAGE = 1_000;

    private static final String FIRST = "0";
    /** What is heard beyond that is missed: it does not follow on what was read, and leads to another reading. */
    private static final int MOST_HEARD = 10_000;

    /** What a page has led to. */
    enum Found {
        /** The node knows all that there was when it began. */
        KNOWN,
        MORE,
        /** All that there is. */
        ALL,
        /** It does not belong to the pages before it: another reading must begin. */
        TORN,
        /** Redis has lost some, and may have got others since. */
        LOST
    }

    /** A change as it is said to all nodes. */
    record Change(String before, String change, String name, long time) {}

    private final String known;
    private final Map<String, Long> all = new HashMap<>();
    private final List<Change> heard = new ArrayList<>();
    private String server = "";
    /** The latest change when it began; empty before the first page. */
    private String first = "";

    private String latest = "";
    private String cursor = FIRST;

    /** @param known the change up to which the node knows */
    SanctionReading(String known) {
        this.known = known;
    }

    /** How many changes led to one; negative where none is known. */
    static long number(String change) {
        int colon = change.indexOf(':');
        return colon < 0 ? -1 : Note.number(change.substring(0, colon));
    }

    String known() {
        return known;
    }

    /** Where the next page begins. */
    synchronized String cursor() {
        return cursor;
    }

    /**
     * Takes what the script returned.
     *
     * @param now the change up to which the node knows by now
     */
    synchronized Found took(List<Object> reply, String now) {
        String there = RedisLink.text(reply.get(0));
        String by = RedisLink.text(reply.get(1));
        if (first.isEmpty()) {
            first = there;
            server = by;
        } else if (!by.equals(server) || number(there) < number(latest)) {
            return Found
                    .TORN; // to another Redis the cursor says nothing, and one that lost its data has not what was to
            // come
        }
        latest = there;
        if (now.equals(first) || (!now.equals(known) && number(now) >= number(first))) {
            return Found.KNOWN;
        }
        if (number(first) <= number(known)) {
            return Found.LOST;
        }
        cursor = RedisLink.text(reply.get(2));
        for (int i = 3; i + 1 < reply.size(); i += 2) {
            String name = RedisLink.text(reply.get(i));
            if (SanctionList.isName(name)) {
                all.put(name, Note.number(RedisLink.text(reply.get(i + 1))));
            }
        }
        return cursor.equals(FIRST) ? Found.ALL : Found.MORE;
    }

    synchronized void heard(Change change) {
        if (heard.size() < MOST_HEARD) {
            heard.add(change);
        }
    }

    /** The latest change in {@link #all}. */
    synchronized String change() {
        return goOn(new HashMap<>());
    }

    /** Behind the last page: names and times. */
    synchronized Map<String, Long> all() {
        Map<String, Long> now = new HashMap<>(all);
        var unused = goOn(now);
        return now;
    }

    /** Makes of what was read what it has become as far as it was heard; returns the latest change of that. */
    private String goOn(Map<String, Long> now) {
        String change = first;
        for (Change next : heard) {
            if (next.before.equals(change)) {
                change = next.change;
                if (next.time == 0) {
                    now.remove(next.name);
                } else {
                    now.put(next.name, next.time);
                }
            }
        }
        return change;
    }
}
