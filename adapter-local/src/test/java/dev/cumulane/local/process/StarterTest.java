// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.local.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cumulane.cloud.CloudException;
import dev.cumulane.cloud.contract.Awaiting;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StarterTest {
    @TempDir
    Path directory;

    private final List<ProcessGroup> groups = new CopyOnWriteArrayList<>();

    @AfterEach
    void endWhatIsLeft() {
        groups.forEach(group -> group.send(ProcessGroup.Message.KILL));
    }

    private Launch launch(String script) {
        return new Launch(
                List.of("/bin/sh", "-c", script),
                HostEnvironment.allowedOf(new TreeMap<>()),
                directory,
                directory.resolve("log.txt"),
                directory.resolve("begun"));
    }

    private static Starter starter(boolean sessions) {
        return sessions ? Starter.ofThisMachine() : Starter.withoutSessions();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void a_command_begins_only_after_it_was_recorded(boolean sessions) throws Exception {
        Starter.Started started = starter(sessions).start(launch("echo \"I am $CUMULANE_SERVICE_ID\""), group -> {
            groups.add(group);
            assertThat(group.alive()).isTrue();
            assertThat(directory.resolve("begun")).doesNotExist();
            return "local:1";
        });

        assertThat(started.process().waitFor()).isZero();
        assertThat(directory.resolve("log.txt")).hasContent("I am local:1\n");
        assertThat(directory.resolve("begun")).exists();
        assertThat(started.group().alive()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void a_command_whose_record_fails_never_begins(boolean sessions) throws Exception {
        CloudException full = CloudException.permanent("disk", "no space");

        assertThatThrownBy(() -> starter(sessions).start(launch("echo begun"), group -> {
                    groups.add(group);
                    throw full;
                }))
                .isSameAs(full);

        Awaiting.until("the process is gone", () -> !groups.get(0).alive());
        assertThat(directory.resolve("begun")).doesNotExist();
        assertThat(directory.resolve("log.txt")).isEmptyFile();
    }

    @Test
    void an_engine_that_dies_before_it_lets_the_command_go_leaves_nothing() throws Exception {
        Process engine = new ProcessBuilder(
                        Jvm.java().toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        DyingAtTheGate.class.getName(),
                        directory.toString())
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("engine.txt").toFile())
                .start();

        assertThat(engine.waitFor())
                .as("engine.txt: %s", Files.readString(directory.resolve("engine.txt")))
                .isEqualTo(9);
        long pid = Long.parseLong(Files.readString(directory.resolve("pid")));
        Awaiting.until(
                "the process at the gate is gone", () -> ProcessIdentity.of(pid).isEmpty());
        assertThat(directory.resolve("begun")).doesNotExist();
        assertThat(directory.resolve("log.txt")).isEmptyFile();
    }

    /** An engine that dies with a process recorded and not let go. */
    public static final class DyingAtTheGate {
        private DyingAtTheGate() {}

        public static void main(String[] words) {
            Path directory = Path.of(words[0]);
            Launch launch = new Launch(
                    List.of("/bin/sh", "-c", "echo begun"),
                    HostEnvironment.allowed(),
                    directory,
                    directory.resolve("log.txt"),
                    directory.resolve("begun"));
            Starter.ofThisMachine().start(launch, group -> {
                try {
                    Files.writeString(
                            directory.resolve("pid"),
                            Long.toString(group.leader().pid()));
                } catch (java.io.IOException e) {
                    throw new java.io.UncheckedIOException(e);
                }
                Runtime.getRuntime().halt(9);
                return "never";
            });
        }
    }

    @Test
    void a_signal_reaches_processes_whose_parent_has_ended() throws Exception {
        Starter.Started started = Starter.ofThisMachine()
                .start(launch("(sleep 600 & echo $! >helper); wait"), group -> {
                    groups.add(group);
                    return "local:1";
                });
        assertThat(started.process().waitFor()).isZero();
        long helper =
                Long.parseLong(Files.readString(directory.resolve("helper")).strip());
        assertThat(ProcessIdentity.of(helper)).isPresent();

        started.group().send(ProcessGroup.Message.KILL);

        Awaiting.until("the helper is gone", () -> ProcessIdentity.of(helper).isEmpty());
    }

    @Test
    void a_directory_that_is_not_there_is_named() {
        Launch launch = new Launch(
                List.of("true"),
                new TreeMap<>(),
                directory.resolve("absent"),
                directory.resolve("log.txt"),
                directory.resolve("begun"));

        assertThatThrownBy(() -> Starter.ofThisMachine().start(launch, group -> "local:1"))
                .isInstanceOf(CloudException.class)
                .hasMessageContaining("absent");
    }

    @Test
    void only_what_is_allowed_reaches_a_child() {
        TreeMap<String, String> ours = new TreeMap<>();
        ours.put("HOME", "/home/ada");
        ours.put("LC_ALL", "C.UTF-8");
        ours.put("AWS_SECRET_ACCESS_KEY", "secret");
        ours.put("GITHUB_TOKEN", "secret");
        ours.put("JAVA_TOOL_OPTIONS", "-javaagent:x.jar");

        assertThat(HostEnvironment.allowedOf(ours))
                .containsOnlyKeys("HOME", "LC_ALL", "PATH")
                .containsEntry("PATH", "/usr/local/bin:/usr/bin:/bin");
    }
}
