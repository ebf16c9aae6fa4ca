// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.azure.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cumulane.azure.emulator.Azurite;
import dev.cumulane.azure.emulator.Emulators;
import dev.cumulane.cloud.WorkRunner;
import dev.cumulane.cloud.contract.FaultProxy.Fault;
import dev.cumulane.endtoend.ShopRepository;
import dev.cumulane.endtoend.Story;
import dev.cumulane.run.AttemptId;
import dev.cumulane.run.Outcome;
import dev.cumulane.run.RunEvent;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a subscription does to an installation on a bad day. */
final class StormsTest {
    @TempDir
    Path directory;

    private ShopRepository repository;
    private AzureOnLoopback azure;

    @BeforeEach
    void install() throws IOException {
        repository = ShopRepository.in(directory.resolve("team"));
        azure = new AzureOnLoopback(directory, repository.directory().toString(), Duration.ofSeconds(1));
    }

    @AfterEach
    void remove() {
        azure.close();
        assertThat(azure.violations()).isEmpty();
    }

    @Test
    void a_storm_of_throttling_delays_a_run_and_changes_nothing_else() throws Exception {
        azure.storage().proxy(Azurite.Service.TABLE).next(6, "journal", Fault.THROTTLE);
        azure.storage().proxy(Azurite.Service.BLOB).next(4, "artifacts", Fault.THROTTLE);
        azure.storage().proxy(Azurite.Service.QUEUE).next(4, "signals", Fault.THROTTLE);
        azure.door().refuse(2);
        azure.devOps().throttle(3);
        azure.apps().throttle(3);

        Story.push(azure, repository, "A change in a storm")
                .approve()
                .ends(Outcome.SUCCESS)
                .wasDoneOnce();

        assertThat(azure.storage().proxy(Azurite.Service.TABLE).counts()).containsEntry(Fault.THROTTLE, 6);
        assertThat(azure.storage().proxy(Azurite.Service.BLOB).counts()).containsEntry(Fault.THROTTLE, 4);
        assertThat(azure.waiting(Emulators.NAMES.poison())).isZero();
    }

    @Test
    void the_sweep_finds_a_build_whose_end_nobody_told() throws Exception {
        azure.devOps().tellEvents(0);
        Story story = Story.push(azure, repository, "A change");
        story.await(RunEvent.WorkStarted.class);
        RunEvent.WorkStarted build = story.events(RunEvent.WorkStarted.class).get(0);
        AttemptId attempt = new AttemptId(story.run(), build.stage(), build.attempt());
        Story.patiently(
                "the build is over",
                () -> azure.cloud().builds().look(attempt, build.service()) == WorkRunner.Phase.OVER);
        assertThat(story.events(RunEvent.StageFinished.class)).isEmpty();

        azure.sweep();

        story.await(RunEvent.StageFinished.class);
        assertThat(repository.built(story.commit())).isEqualTo(1);
    }

    @Test
    void hooks_that_come_twice_and_start_answers_that_are_lost_change_nothing() throws Exception {
        azure.devOps().tellEvents(2);
        azure.devOps().loseAnswers("/runs", 1);

        Story story = Story.push(azure, repository, "A change");
        Story.patiently("the start is found, or made again", () -> {
            azure.sweep();
            return !story.events(RunEvent.WorkStarted.class).isEmpty();
        });

        story.approve().ends(Outcome.SUCCESS).wasDoneOnce();
    }

    @Test
    void a_run_in_flight_goes_on_when_its_functions_are_replaced() throws Exception {
        Files.createFile(repository.gate());
        Story story = Story.push(azure, repository, "A change");
        story.await(RunEvent.WorkStarted.class);

        azure.restart();
        Files.delete(repository.gate());

        story.approve().ends(Outcome.SUCCESS).wasDoneOnce();
    }

    /** It has failed for eight hours already, and comes once more. */
    @Test
    void a_poisoned_message_is_put_aside_and_holds_nobody_up() throws Exception {
        azure.storage()
                .undisturbed()
                .queues()
                .getQueueClient(Emulators.NAMES.queue())
                .sendMessage("cumulane-message-1 39\n{\"what\":\"is this\"}");

        Story.push(azure, repository, "A change").await(RunEvent.ApprovalRequested.class);

        Story.patiently("it is put aside", () -> azure.waiting(Emulators.NAMES.poison()) == 1);
    }
}
