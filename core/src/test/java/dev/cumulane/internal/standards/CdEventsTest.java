// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.standards;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.cumulane.run.HistoryRecord;
import dev.cumulane.run.RunEvent;
import java.io.IOException;
import java.net.URI;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class CdEventsTest {
    static final Origin ORIGIN =
            new Origin(URI.create("https://ci.example.com"), Optional.of(URI.create("https://ci.example.com/pages/")));

    /** What others do not need to know: how work is kept going. */
    private static final Set<Class<?>> UNTOLD = Set.of(
            RunEvent.WorkStarted.class,
            RunEvent.StopRequested.class,
            RunEvent.RetryDelayed.class,
            RunEvent.StepStarted.class,
            RunEvent.StepOverdue.class,
            RunEvent.ReuseSought.class,
            RunEvent.ItemsSought.class,
            RunEvent.TurnAsked.class,
            RunEvent.TurnRefused.class);

    static List<String> stories() {
        return Histories.names();
    }

    static List<CloudEvent> told(String story) {
        Histories.History history = Histories.golden(story);
        CdEvents events = new CdEvents(history.plan(), ORIGIN);
        return history.records().stream()
                .flatMap(record -> events.next(record).stream())
                .toList();
    }

    static JsonNode json(CloudEvent event) {
        try {
            return new ObjectMapper().readTree(event.json());
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void a_run_that_goes_well_is_told_from_its_start_to_its_end() {
        List<CloudEvent> events = told("all-goes-well");

        assertThat(events.get(0).type()).isEqualTo("dev.cdevents.pipelinerun.queued.0.3.0");
        assertThat(events)
                .extracting(CloudEvent::type)
                .contains(
                        "dev.cdevents.pipelinerun.started.0.3.0",
                        "dev.cdevents.taskrun.started.0.3.0",
                        "dev.cdevents.taskrun.finished.0.3.0",
                        "dev.cdevents.testsuiterun.started.0.3.0",
                        "dev.cdevents.artifact.packaged.0.3.0",
                        "dev.cdevents.artifact.published.0.3.0",
                        "dev.cdeventsx.cumulane-approval.created.0.1.0",
                        "dev.cdeventsx.cumulane-approval.updated.0.1.0",
                        "dev.cdeventsx.cumulane-approval.closed.0.1.0",
                        "dev.cdevents.service.deployed.0.3.0",
                        "dev.cdevents.environment.modified.0.3.0");
        JsonNode last = json(events.get(events.size() - 1));
        assertThat(last.path("type").asText()).isEqualTo("dev.cdevents.pipelinerun.finished.0.3.0");
        assertThat(last.at("/data/subject/content/outcome").asText()).isEqualTo("success");
    }

    @ParameterizedTest
    @MethodSource("stories")
    void the_envelope_and_the_content_say_the_same(String story) {
        List<CloudEvent> events = told(story);

        assertThat(events).extracting(CloudEvent::id).doesNotHaveDuplicates();
        assertThat(events).allSatisfy(event -> {
            JsonNode json = json(event);
            JsonNode context = json.at("/data/context");
            assertThat(json.path("specversion").asText()).isEqualTo("1.0");
            assertThat(json.path("id").asText())
                    .isEqualTo(event.id())
                    .isEqualTo(context.path("id").asText());
            assertThat(json.path("source")).isEqualTo(context.path("source"));
            assertThat(json.path("type")).isEqualTo(context.path("type"));
            assertThat(json.path("time")).isEqualTo(context.path("timestamp"));
            assertThat(json.path("subject").asText()).isNotEmpty();
            assertThat(json.path("subject")).isEqualTo(json.at("/data/subject/id"));
            assertThat(json.path("traceparent").asText()).matches("00-[0-9a-f]{32}-[0-9a-f]{16}-01");
            assertThat(json.fieldNames()).toIterable().allMatch(name -> name.matches("[a-z0-9]{1,20}"));
        });
    }

    @ParameterizedTest
    @MethodSource("stories")
    void telling_it_again_gives_the_same_bytes(String story) {
        assertThat(told(story)).usingRecursiveComparison().isEqualTo(told(story));
    }

    @ParameterizedTest
    @MethodSource("stories")
    void every_task_that_starts_finishes_once(String story) {
        List<String> started = subjects(story, "dev.cdevents.taskrun.started.0.3.0");
        List<String> finished = subjects(story, "dev.cdevents.taskrun.finished.0.3.0");

        assertThat(started).doesNotHaveDuplicates();
        assertThat(finished).containsExactlyInAnyOrderElementsOf(started);
        assertThat(subjects(story, "dev.cdevents.pipelinerun.finished.0.3.0")).hasSize(1);
    }

    @Test
    void every_kind_of_event_is_told_or_is_nobody_elses_business() {
        Set<Class<?>> told = new HashSet<>();
        for (String story : stories()) {
            Histories.History history = Histories.golden(story);
            CdEvents events = new CdEvents(history.plan(), ORIGIN);
            for (HistoryRecord record : history.records()) {
                for (RunEvent event : record.events()) {
                    HistoryRecord alone = new HistoryRecord(record.sequence(), record.at(), List.of(event));
                    if (!events.next(alone).isEmpty()) {
                        told.add(event.getClass());
                    }
                }
            }
        }

        List<Class<?>> all = List.of(RunEvent.class.getPermittedSubclasses());
        assertThat(Stream.concat(told.stream(), UNTOLD.stream()).toList()).containsExactlyInAnyOrderElementsOf(all);
    }

    @Test
    void what_was_reused_is_said_to_be_of_the_other_run_and_not_built_again() {
        List<CloudEvent> events = told("repeated-from-failed");

        Set<String> reused = new TreeSet<>();
        events.stream()
                .filter(event -> event.type().equals("dev.cdeventsx.cumulane-taskrun.reused.0.1.0"))
                .map(event -> json(event).at("/data/subject/content/stage").asText())
                .forEach(reused::add);
        assertThat(reused).contains("build");
        assertThat(subjects("repeated-from-failed", "dev.cdevents.artifact.packaged.0.3.0"))
                .noneMatch(purl -> purl.contains("/build/"));
    }

    @Test
    void a_source_that_is_no_absolute_uri_and_pages_that_are_not_on_the_web_are_refused() {
        assertThatThrownBy(() -> new Origin(URI.create("ci"), Optional.empty()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("absolute URI")
                .hasMessageContaining("'ci'");
        assertThatThrownBy(() -> new Origin(URI.create("urn:ci"), Optional.of(URI.create("ftp://ci"))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("ftp://ci");
    }

    private static List<String> subjects(String story, String type) {
        return told(story).stream()
                .filter(event -> event.type().equals(type))
                .map(event -> json(event).path("subject").asText())
                .toList();
    }

    /** So that a reader of this test sees one event. */
    @Test
    void an_event_says_who_what_and_where() {
        JsonNode build = told("all-goes-well").stream()
                .filter(event -> event.type().equals("dev.cdevents.taskrun.finished.0.3.0"))
                .map(CdEventsTest::json)
                .findFirst()
                .orElseThrow();

        assertThat(Map.of(
                        "taskName", build.at("/data/subject/content/taskName").asText(),
                        "outcome", build.at("/data/subject/content/outcome").asText(),
                        "uri",
                                build.at("/data/subject/content/uri")
                                        .asText()
                                        .replaceAll("everything-[0-9a-z]+", "RUN")))
                .isEqualTo(Map.of(
                        "taskName",
                        "build",
                        "outcome",
                        "success",
                        "uri",
                        "https://ci.example.com/pages/runs/RUN#build"));
    }
}
