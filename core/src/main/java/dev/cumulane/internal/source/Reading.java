// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.source;

import dev.cumulane.source.Happening;
import java.util.List;

/** What an authentic delivery turned out to tell. */
public sealed interface Reading {
    /**
     * It tells of these.
     *
     * @param happenings one or more, in the delivery's order
     */
    record Told(List<Happening> happenings) implements Reading {
        /** Copies the list. */
        public Told {
            happenings = List.copyOf(happenings);
        }
    }

    /**
     * Nothing that a run could be for: a ping, a deleted branch, a comment without a command, another repository.
     *
     * @param why one plain line
     */
    record Nothing(String why) implements Reading {
        /** Makes one plain line of the reason: it may hold names from outside. */
        public Nothing {
            why = plain(why);
        }
    }

    /**
     * It cannot be read, or not safely: to be kept aside, with an alarm.
     *
     * @param why one plain line
     */
    record Malformed(String why) implements Reading {
        /** Makes one plain line of the reason: it may hold text from outside. */
        public Malformed {
            why = plain(why);
        }
    }

    private static String plain(String why) {
        String cut = why.length() > 300 ? why.substring(0, 297) + "..." : why;
        return cut.replaceAll("[^\\x20-\\x7e]", "?");
    }
}
