// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.notice;

import dev.cumulane.internal.json.MalformedJsonException;
import dev.cumulane.internal.json.RecordJson;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What is remembered of the direct messages of one run.
 *
 * @param all each message
 */
record Letters(List<Letter> all) {
    /** The most messages of one run: so many fit into what may be remembered. */
    static final int MOST = 80;

    private static final int LARGEST = 30_000;
    private static final int LONGEST_SHOWN = 50;

    /**
     * A message to one approver about one approval.
     *
     * @param stage the approval
     * @param person the approver
     * @param channel the channel of the bot and this person
     * @param message Slack's name of the message
     * @param shown the beginning of what it says of the approval; empty while it asks
     */
    record Letter(String stage, String person, String channel, String message, String shown) {
        boolean isFor(String approval, String approver) {
            return stage.equals(approval) && person.equals(approver);
        }

        boolean isShowing(String what) {
            return shown.equals(Card.cut(what, LONGEST_SHOWN));
        }

        Letter showing(String what) {
            return new Letter(stage, person, channel, message, Card.cut(what, LONGEST_SHOWN));
        }
    }

    /** Copies the list. */
    Letters {
        all = List.copyOf(all);
    }

    static Letters of(String memo) {
        if (memo.isEmpty()) {
            return new Letters(List.of());
        }
        try {
            return RecordJson.read(Letters.class, memo.getBytes(StandardCharsets.UTF_8), LARGEST);
        } catch (MalformedJsonException e) {
            // Another form: whoever was asked is asked once more.
            return new Letters(List.of());
        }
    }

    Optional<Letter> to(String stage, String person) {
        return all.stream().filter(letter -> letter.isFor(stage, person)).findFirst();
    }

    /** With this letter in the place of an earlier one to the same person. */
    Letters with(Letter changed) {
        List<Letter> letters = new ArrayList<>(all);
        letters.removeIf(letter -> letter.isFor(changed.stage(), changed.person()));
        letters.add(changed);
        return new Letters(letters);
    }

    String text() {
        return new String(RecordJson.write(Letters.class, this), StandardCharsets.UTF_8);
    }
}
