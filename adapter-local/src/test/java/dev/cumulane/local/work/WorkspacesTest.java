// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.local.work;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cumulane.cloud.Journal.Listed;
import dev.cumulane.local.journal.SqliteJournal;
import dev.cumulane.local.process.ProcessIdentity;
import dev.cumulane.run.RunId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WorkspacesTest {
    private static final Instant NOW = Instant.parse("2026-11-23T12:00:00Z");

    @TempDir
    Path state;

    private SqliteJournal journal;
    private int runs;

    @BeforeEach
    void open() {
        journal = SqliteJournal.open(state);
    }

    @AfterEach
    void close() {
        journal.close();
    }

    @Test
    void only_those_of_ended_runs_before_the_latest_are_removed() throws IOException {
        Path open = workspace(run(), "over");
        RunId ended = run();
        Path old = workspace(ended, "over");
        Path jar = Files.writeString(old.resolveSibling("code.jar"), "jar");
        Path log = Files.writeString(old.resolveSibling("log.txt"), "log");
        journal.unlist(ended);
        RunId latestRun = run();
        Path latest = workspace(latestRun, "over");
        journal.unlist(latestRun);
        Workspaces workspaces = new Workspaces(state);

        workspaces.tidy(journal, NOW);
        assertThat(open).isNotEmptyDirectory();
        assertThat(latest).isNotEmptyDirectory();
        assertThat(old).doesNotExist();
        assertThat(jar).doesNotExist();
        assertThat(log).exists();

        journal.unlist(new RunId(open.getName(state.getNameCount() + 1).toString()));
        workspace(run(), "over");
        workspaces.tidy(journal, NOW);
        assertThat(open).doesNotExist();
        assertThat(latest).doesNotExist();
    }

    @Test
    void work_that_lives_keeps_its_workspace_whatever_the_journal_says() throws IOException {
        RunId ended = run();
        Path living = workspace(ended, "begun");
        ProcessIdentity me = ProcessIdentity.of(ProcessHandle.current().pid()).orElseThrow();
        Files.writeString(
                living.resolveSibling("process.json"),
                "{\"format\":1,\"id\":\"local:1:2\",\"pid\":" + me.pid() + ",\"mark\":\"" + me.mark()
                        + "\",\"session\":false}");
        journal.unlist(ended);
        run();
        Workspaces workspaces = new Workspaces(state);

        workspaces.tidy(journal, NOW);
        assertThat(living).isNotEmptyDirectory();

        Files.createFile(living.resolveSibling("over"));
        workspaces.tidy(journal, NOW);
        assertThat(living).doesNotExist();
    }

    @Test
    void what_is_no_run_of_ours_is_left_alone_and_a_link_is_not_followed() throws IOException {
        Path foreign = Files.createDirectories(state.resolve("work/My notes/build/1/workspace"));
        RunId ended = run();
        Path workspace = workspace(ended, "over");
        Path elsewhere = Files.createDirectories(state.resolve("elsewhere"));
        Path precious = Files.writeString(elsewhere.resolve("precious"), "mine");
        Files.createSymbolicLink(workspace.resolve("link"), elsewhere);
        journal.unlist(ended);
        run();

        new Workspaces(state).tidy(journal, NOW);

        assertThat(workspace).doesNotExist();
        assertThat(foreign).isDirectory();
        assertThat(precious).hasContent("mine");
    }

    @Test
    void where_nothing_worked_there_is_nothing_to_do() {
        new Workspaces(state).tidy(journal, NOW);
        assertThat(state.resolve("work")).doesNotExist();
    }

    /** A run that is open, begun after those before it. */
    private RunId run() {
        runs++;
        RunId run = new RunId("shop-" + Integer.toString(runs).repeat(16));
        Instant began = NOW.minus(Duration.ofHours(1)).plusSeconds(runs);
        journal.list(new Listed(run, began, began.plus(Duration.ofMinutes(15))));
        return run;
    }

    private Path workspace(RunId run, String mark) throws IOException {
        Path attempt = Files.createDirectories(
                state.resolve("work").resolve(run.value()).resolve("build").resolve("1"));
        Files.createFile(attempt.resolve(mark));
        Path workspace = Files.createDirectory(attempt.resolve("workspace"));
        Files.writeString(workspace.resolve("shop.txt"), "shop");
        return workspace;
    }
}
