// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.local.cli;

/** What the process tells its caller. */
public final class ExitCode {
    /** Done; a run that was followed ended with success. */
    public static final int SUCCESS = 0;

    /** The run that was followed ended otherwise. */
    public static final int FAILED_RUN = 1;

    /** The command line asked for something that cannot be. */
    public static final int USAGE = 2;

    /** The engine or something that it stands on did not work. */
    public static final int ENGINE = 3;

    /** The user pressed Ctrl-C; the shell's own convention, 128 and the signal's number. */
    public static final int INTERRUPTED = 130;

    private ExitCode() {}
}
