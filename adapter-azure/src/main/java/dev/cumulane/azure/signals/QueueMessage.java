// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.azure.signals;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.cumulane.cloud.ArtifactStore;
import dev.cumulane.cloud.CloudException;
import dev.cumulane.pipeline.Digest;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The text of a message: how often it has failed on a line of its own, then what it carries: a signal, another service's event, or, since a message has at most 48 KiB
 * before base64, the digest of an object that holds it. A text of another form has never failed and carries itself.
 *
 * @param failures how often it has failed
 * @param body what it carries, or where that is
 */
record QueueMessage(int failures, String body) {
    /** What a message holds: 64 KiB of base64. */
    static final int LARGEST = 48 * 1024;

    private static final Pattern FORM = Pattern.compile("cumulane-message-1 ([0-9]{1,4})\n(.*)", Pattern.DOTALL);
    private static final Pattern STORED = Pattern.compile("cumulane-stored-1 ([0-9a-f]{64})");
    private static final int LARGEST_STORED = 256 * 1024;

    /** What is received, from anybody who may send to the queue. */
    static QueueMessage parse(String text) {
        Matcher form = FORM.matcher(text);
        return form.matches()
                ? new QueueMessage(Integer.parseInt(form.group(1)), form.group(2))
                : new QueueMessage(0, text);
    }

    /** What is sent; a body that is too large is stored first. */
    String text(ArtifactStore store) {
        String whole = text(body);
        if (whole.getBytes(UTF_8).length <= LARGEST) {
            return whole;
        }
        return text("cumulane-stored-1 " + store.put(body.getBytes(UTF_8)).hex());
    }

    /** What it carries, fetched where it is stored. */
    String content(ArtifactStore store) {
        Matcher stored = STORED.matcher(body);
        if (!stored.matches()) {
            return body;
        }
        Digest digest = new Digest(stored.group(1));
        return store.read(digest, LARGEST_STORED)
                .map(bytes -> new String(bytes, UTF_8))
                .orElseThrow(() -> CloudException.permanent(
                        "artifact store", "object " + digest + ", which holds a signal, is missing"));
    }

    QueueMessage failed() {
        return new QueueMessage(failures + 1, body);
    }

    QueueMessage anew() {
        return new QueueMessage(0, body);
    }

    private String text(String carried) {
        return "cumulane-message-1 " + failures + "\n" + carried;
    }
}
