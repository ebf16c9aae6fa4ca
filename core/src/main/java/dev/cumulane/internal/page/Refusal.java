// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.page;

/** A request is answered with a page that says why it is not done. */
final class Refusal extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final int status;
    private final String allowed;

    /**
     * A refusal.
     *
     * @param status the status code
     * @param line one line for people
     */
    Refusal(int status, String line) {
        this(status, line, "");
    }

    private Refusal(int status, String line, String allowed) {
        super(line, null, false, false);
        this.status = status;
        this.allowed = allowed;
    }

    /** The refusal of another method than these. */
    static Refusal ofMethod(String allowed) {
        return new Refusal(405, "This page takes " + allowed + ".", allowed);
    }

    int status() {
        return status;
    }

    String line() {
        return String.valueOf(getMessage());
    }

    /** The methods that would not be refused, as a header says it; empty if it is not for the method. */
    String allowed() {
        return allowed;
    }
}
