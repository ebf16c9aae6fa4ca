// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.local.process;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * A process that we started, and all that it started.
 *
 * <p>Where {@code setsid} is present they form a session of their own, and a signal reaches every one of them, also those whose parent has ended. Where it is not,
 * only the leader's living descendants can be found; what a leader left behind when it ended cannot.
 *
 * @param leader the process that we started
 * @param own whether it leads a session and a group of its own, whose number is its own
 */
public record ProcessGroup(ProcessIdentity leader, boolean own) {
    /** What to tell a group. */
    public enum Message {
        /** End now, in good order. */
        TERM,
        /** End now. Nothing of the group runs any instruction after this. */
        KILL
    }

    /**
     * Whether the leader has not ended.
     *
     * @return false when it has ended, though processes that it started may still run
     */
    public boolean alive() {
        return leader.alive();
    }

    /**
     * Sends a signal to every process of the group. A group that is gone is ignored.
     *
     * @param message the signal
     */
    public void send(Message message) {
        Optional<ProcessIdentity> now = ProcessIdentity.of(leader.pid());
        if (leader.isOfEarlierBoot() || now.isPresent() && !now.get().equals(leader)) {
            return; // the number was given away, which happens only after the last process of the group is gone
        }
        if (!own) {
            descendants().forEach(member -> tell(member, message));
            now.flatMap(ignored -> ProcessHandle.of(leader.pid())).ifPresent(handle -> tell(handle, message));
            return;
        }
        // A leader that was started this instant may not have made its group yet: then it alone is meant.
        String script = "kill -s \"$1\" -- \"-$2\" || kill -s \"$1\" \"$2\"";
        try {
            Process kill = new ProcessBuilder(
                            List.of("/bin/sh", "-c", script, "sh", message.name(), Long.toString(leader.pid())))
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            kill.waitFor(10, TimeUnit.SECONDS);
        } catch (IOException e) {
            ProcessHandle.of(leader.pid()).ifPresent(handle -> tell(handle, message));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /**
     * The living processes that the leader started, and that these started, as far as their parents live.
     *
     * @return the processes; none if the leader has ended
     */
    public List<ProcessHandle> descendants() {
        return alive()
                ? ProcessHandle.of(leader.pid())
                        .map(handle -> handle.descendants().toList())
                        .orElse(List.of())
                : List.of();
    }

    private static void tell(ProcessHandle process, Message message) {
        if (message == Message.KILL) {
            process.destroyForcibly();
        } else {
            process.destroy();
        }
    }
}
