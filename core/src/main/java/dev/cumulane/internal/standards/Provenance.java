// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.standards;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cumulane.cloud.Signer;
import dev.cumulane.pipeline.Digest;
import dev.cumulane.pipeline.Plan;
import dev.cumulane.pipeline.Stage;
import dev.cumulane.run.AttemptId;
import dev.cumulane.run.Commit;
import dev.cumulane.run.HistoryRecord;
import dev.cumulane.run.Outcome;
import dev.cumulane.run.Produced;
import dev.cumulane.run.RunEvent;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Where the artifacts of a run come from, as SLSA provenance v1: an in-toto statement for each, in a signed envelope.
 *
 * <p>A stage that was reused or taken over wrote nothing here. Its artifacts have the statements of the run that really built them, which names itself; they are found
 * by the same digests. So a statement is made once, by the run and the attempt that did the work, however often the run was resumed or forked since. Give it the history
 * from record 1 on. For one thread.
 */
public final class Provenance {
    private static final String STATEMENT = "https://in-toto.io/Statement/v1";
    private static final String PREDICATE = "https://slsa.dev/provenance/v1";

    /** What a build of this type takes and does is told in docs/standards.md. */
    static final String BUILD_TYPE = "https://cumulane.dev/provenance/stage/v1";

    private final Story story;
    private final Origin origin;

    /** Provenance of one run. */
    public Provenance(Plan plan, Origin origin) {
        this.story = new Story(plan);
        this.origin = origin;
    }

    /**
     * A statement about one artifact.
     *
     * @param artifact the digest of what it is about
     * @param attempt who built that
     * @param json the in-toto statement, in UTF-8
     */
    public record Statement(Digest artifact, AttemptId attempt, byte[] json) {
        /** Where the artifact store keeps its envelope. */
        public String key() {
            return "attestations/" + artifact + "/" + attempt.run() + "." + attempt.stage() + "." + attempt.number();
        }

        /** The statement in an envelope; without a signer it is not signed. */
        public byte[] envelope(Optional<Signer> signer) {
            return Dsse.envelope(Dsse.IN_TOTO, json, signer);
        }
    }

    /** The statements about what the next record says was built. */
    public List<Statement> next(HistoryRecord record) {
        List<Statement> statements = new ArrayList<>();
        for (RunEvent event : record.events()) {
            story.next(record.at(), event);
            if (event instanceof RunEvent.StageFinished finished
                    && finished.verdict().outcome() == Outcome.SUCCESS
                    && !(story.stage(finished.stage()) instanceof Stage.Child)
                    && story.reused(finished.stage()).isEmpty()) {
                for (Produced artifact : finished.verdict().artifacts()) {
                    statements.add(statement(finished, artifact, record.at()));
                }
            }
        }
        return statements;
    }

    private Statement statement(RunEvent.StageFinished finished, Produced artifact, Instant at) {
        Stage stage = story.stage(finished.stage());
        AttemptId attempt = new AttemptId(story.run(), finished.stage(), Math.max(1, finished.attempt()));
        ObjectNode statement = JsonNodeFactory.instance.objectNode();
        statement.put("_type", STATEMENT);
        statement.putArray("subject").add(described(stage, artifact));
        statement.put("predicateType", PREDICATE);
        ObjectNode predicate = statement.putObject("predicate");
        definition(stage, predicate.putObject("buildDefinition"));
        ObjectNode details = predicate.putObject("runDetails");
        details.putObject("builder").put("id", origin.source().toString());
        ObjectNode metadata = details.putObject("metadata");
        metadata.put("invocationId", "urn:cumulane:attempt:" + attempt.key());
        story.began(finished.stage()).ifPresent(began -> metadata.put("startedOn", began.toString()));
        metadata.put("finishedOn", at.toString());
        List<Produced> others = finished.verdict().artifacts().stream()
                .filter(other -> !other.equals(artifact))
                .toList();
        if (!others.isEmpty()) {
            ArrayNode byproducts = details.putArray("byproducts");
            others.forEach(other -> byproducts.add(described(stage, other)));
        }
        return new Statement(artifact.digest(), attempt, statement.toString().getBytes(UTF_8));
    }

    private void definition(Stage stage, ObjectNode definition) {
        Commit commit = story.started().source().commit();
        definition.put("buildType", BUILD_TYPE);
        ObjectNode external = definition.putObject("externalParameters");
        external.put("pipeline", story.started().pipeline());
        external.put("stage", stage.name());
        external.putObject("source").put("uri", uri(commit)).put("ref", commit.ref());
        ObjectNode said = external.putObject("parameters");
        story.started().parameters().forEach(said::put);
        ObjectNode internal = definition.putObject("internalParameters");
        internal.put("plan", story.started().plan().hex());
        internal.put("trust", story.started().source().trust().name());
        ArrayNode dependencies = definition.putArray("resolvedDependencies");
        dependencies.addObject().put("uri", uri(commit)).putObject("digest").put("gitCommit", commit.id());
        dependencies
                .addObject()
                .put("name", "plan")
                .putObject("digest")
                .put("sha256", story.started().plan().hex());
        image(stage)
                .ifPresent(
                        image -> dependencies.addObject().put("name", "image").put("uri", "docker://" + image));
        if (stage instanceof Stage.Function) {
            story.plan()
                    .code()
                    .ifPresent(code -> dependencies
                            .addObject()
                            .put("name", "code")
                            .putObject("digest")
                            .put("sha256", code.hex()));
        }
        for (Story.Written input : story.inputs(stage)) {
            dependencies
                    .addObject()
                    .put("name", input.stage() + "/" + input.artifact().name())
                    .put("uri", story.purl(input))
                    .putObject("digest")
                    .put("sha256", input.artifact().digest().hex());
        }
    }

    private ObjectNode described(Stage stage, Produced artifact) {
        ObjectNode descriptor = JsonNodeFactory.instance.objectNode();
        descriptor.put("name", artifact.name());
        descriptor.put("uri", story.purl(new Story.Written(stage.name(), artifact)));
        descriptor.putObject("digest").put("sha256", artifact.digest().hex());
        // The bytes that the digest names are an archive; what is in it has the path that the stage declared.
        descriptor.put("mediaType", "application/gzip");
        stage.writes().stream()
                .filter(file -> file.name().equals(artifact.name()))
                .findFirst()
                .ifPresent(file -> {
                    ObjectNode annotations = descriptor.putObject("annotations");
                    annotations.put("path", file.path());
                    MediaTypes.of(file.path()).ifPresent(type -> annotations.put("mediaType", type));
                });
        return descriptor;
    }

    private static Optional<String> image(Stage stage) {
        if (stage instanceof Stage.Build build) {
            return Optional.of(build.commands().image());
        }
        return stage instanceof Stage.Test test ? Optional.of(test.commands().image()) : Optional.empty();
    }

    /** In the form of SPDX download locations, which SLSA recommends. */
    private String uri(Commit commit) {
        String repository = story.repository();
        return (repository.contains("://") ? "git+" + repository : repository)
                + "@"
                + (commit.ref().isEmpty() ? commit.id() : commit.ref());
    }
}
