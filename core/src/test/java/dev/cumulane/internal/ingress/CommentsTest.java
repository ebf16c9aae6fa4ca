// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.ingress;

import static dev.cumulane.pipeline.Trigger.changeRequest;
import static dev.cumulane.pipeline.Work.container;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cumulane.internal.forge.ForgeApi;
import dev.cumulane.internal.shell.EngineCore;
import dev.cumulane.people.People;
import dev.cumulane.pipeline.Pipeline;
import dev.cumulane.run.Commit;
import dev.cumulane.run.SourceEvent;
import dev.cumulane.run.TrustLevel;
import dev.cumulane.source.Forge;
import dev.cumulane.source.Forks;
import dev.cumulane.source.Happening;
import dev.cumulane.source.Repository;
import dev.cumulane.testing.SimulatedCloud;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Commands on a forge whose webhooks tell the head with a comment. */
final class CommentsTest {
    private static final Pipeline PIPELINE = Pipeline.define("shop", p -> {
        p.on(changeRequest());
        p.build("build", container("alpine:3").reads(p.source()).runs("make"));
    });
    private static final Commit HEAD =
            Commit.commit("https://gitlab.com/acme/shop.git", Shop.HEAD).at("refs/merge-requests/7/head");

    private final EngineCore core = new EngineCore(SimulatedCloud.of(PIPELINE));
    private final Comments comments;

    CommentsTest() {
        core.register(List.of(PIPELINE));
        Repository repository =
                Repository.on(Forge.GITLAB, "shop", HEAD.repository()).forks(Forks.AFTER_APPROVAL);
        comments = new Comments(
                core, repository, Optional.of(new OneChange()), new Authors(People.nobody(), Forge.GITLAB));
    }

    @Test
    void the_head_that_a_webhook_tells_is_not_what_the_comments_writer_named() {
        Intake.Effects effects = new Intake.Effects();

        comments.follow(comment("/ok-to-test"), effects);

        assertThat(effects.runs()).isEmpty();
        assertThat(effects.refused()).singleElement().asString().contains("write '/ok-to-test " + HEAD.id() + "'");
    }

    @Test
    void the_commit_that_the_comments_writer_names_runs() {
        Intake.Effects effects = new Intake.Effects();

        comments.follow(comment("/ok-to-test " + HEAD.id()), effects);

        assertThat(effects.refused()).isEmpty();
        assertThat(effects.runs()).hasSize(1);
    }

    private static Happening.Commented comment(String command) {
        return new Happening.Commented("7", Optional.of(HEAD), "ada", Optional.empty(), List.of(command));
    }

    /** A forge with one change request, from a fork, in a repository that everybody may write to. */
    private static final class OneChange implements ForgeApi {
        @Override
        public List<SourceEvent.Pushed> heads() {
            return List.of();
        }

        @Override
        public List<SourceEvent.Pushed> tags() {
            return List.of();
        }

        @Override
        public List<SourceEvent.ChangeProposed> openChanges() {
            return change("7").stream().toList();
        }

        @Override
        public Optional<SourceEvent.ChangeProposed> change(String number) {
            return Optional.of(new SourceEvent.ChangeProposed(HEAD, "main", number, "eve", TrustLevel.UNTRUSTED));
        }

        @Override
        public boolean mayWrite(String user) {
            return true;
        }
    }
}
