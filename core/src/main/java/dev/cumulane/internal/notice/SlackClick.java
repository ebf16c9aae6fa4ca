// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.notice;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cumulane.internal.json.RecordJson;
import dev.cumulane.run.Vote;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Somebody clicked a button that votes.
 *
 * @param user the id of the Slack user
 * @param decision which button
 * @param value what the button carries
 */
record SlackClick(String user, Vote.Decision decision, String value) {
    /** The most bytes of a request: the payload repeats the message, escaped. */
    static final int LARGEST = 256 * 1024;

    /** A payload is not what Slack's documentation says. */
    static final class MalformedException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        MalformedException(String message) {
            super(message);
        }
    }

    private static final String FIELD = "payload=";

    /** What encoders of forms leave as it is beside letters and digits, and what they write for a space. */
    private static final String PLAIN = "+-_.!~*'()";

    private static final Pattern USER = Pattern.compile("[UW][A-Z0-9]{1,20}");
    private static final int LONGEST_VALUE = 2_000;

    /**
     * Reads the body of an authentic request.
     *
     * @param body a form with the one field {@code payload}, which is JSON
     * @return the click; empty if it tells of something else, such as a click on a link
     * @throws MalformedException if it is not what Slack's documentation says; the message has nothing of it
     * @throws dev.cumulane.internal.json.MalformedJsonException if it is not JSON as we accept it
     */
    static Optional<SlackClick> of(byte[] body) {
        JsonNode payload = RecordJson.foreignTree(field(body), LARGEST);
        if (!text(payload, "type").equals("block_actions")) {
            return Optional.empty();
        }
        JsonNode actions = payload.path("actions");
        if (!actions.isArray() || actions.size() != 1) {
            throw new MalformedException("not one action but " + actions.size());
        }
        String action = text(actions.path(0), "action_id");
        Optional<Vote.Decision> decision = switch (action) {
            case SlackText.APPROVE -> Optional.of(Vote.Decision.APPROVE);
            case SlackText.REJECT -> Optional.of(Vote.Decision.REJECT);
            default -> Optional.empty();
        };
        if (decision.isEmpty()) {
            return Optional.empty();
        }
        String user = text(payload.path("user"), "id");
        String value = text(actions.path(0), "value");
        if (!USER.matcher(user).matches() || value.length() > LONGEST_VALUE) {
            throw new MalformedException("no user's id, or a value that is too long");
        }
        return Optional.of(new SlackClick(user, decision.get(), value));
    }

    private static String text(JsonNode where, String field) {
        JsonNode found = where.path(field);
        if (!found.isTextual()) {
            throw new MalformedException("no text in '" + field + "'");
        }
        return found.textValue();
    }

    /** The bytes of the form's one field. The form's own decoder would make something of what is no UTF-8. */
    private static byte[] field(byte[] body) {
        String form = new String(body, StandardCharsets.ISO_8859_1);
        if (!form.startsWith(FIELD) || form.indexOf('&') >= 0) {
            throw new MalformedException("not a form with one field 'payload'");
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(form.length());
        for (int i = FIELD.length(); i < form.length(); i++) {
            char c = form.charAt(i);
            if (c == '%') {
                bytes.write(escaped(form, i));
                i += 2;
            } else if (PLAIN.indexOf(c) >= 0 || (c < 128 && Character.isLetterOrDigit(c))) {
                bytes.write(c == '+' ? ' ' : c);
            } else {
                throw new MalformedException("a form with bytes that are not escaped");
            }
        }
        return bytes.toByteArray();
    }

    private static int escaped(String form, int percent) {
        int high = percent + 2 < form.length() ? Character.digit(form.charAt(percent + 1), 16) : -1;
        int low = percent + 2 < form.length() ? Character.digit(form.charAt(percent + 2), 16) : -1;
        if (high < 0 || low < 0) {
            throw new MalformedException("a form with a broken escape");
        }
        return 16 * high + low;
    }
}
