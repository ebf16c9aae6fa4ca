// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.engine;

import static dev.cumulane.pipeline.Work.container;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.cumulane.cloud.Blueprint;
import dev.cumulane.notify.Destination;
import dev.cumulane.notify.Notices;
import dev.cumulane.people.People;
import dev.cumulane.people.SignInProxy;
import dev.cumulane.people.SlackApp;
import dev.cumulane.pipeline.Digest;
import dev.cumulane.pipeline.Pipeline;
import dev.cumulane.pipeline.Plan;
import dev.cumulane.source.Credential;
import dev.cumulane.source.Forge;
import dev.cumulane.source.Repository;
import dev.cumulane.testing.SimulatedCloud;
import java.net.URI;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What an installation has to give to an engine is known before anything is installed. */
class DemandTest {
    private static Pipeline pipeline(String name) {
        return Pipeline.define(
                name, p -> p.build("build", container("maven:3.9").runs("mvn package")));
    }

    @Test
    void every_secret_is_named_once_where_it_is_read() {
        Blueprint.Demand demand = Engine.on(SimulatedCloud.of(pipeline("shop")))
                .register(pipeline("shop"))
                .repository(Repository.on(Forge.GITHUB, "shop", "https://github.com/acme/shop.git")
                        .verifiedBy("hook", "next-hook")
                        .using(new Credential.Token("forge-token")))
                .notify(Notices.to("team", Destination.slackWebhook("slack-hook")))
                .people(People.of()
                        .linksSignedBy("links")
                        .pagesForToken("pages")
                        .behind(SignInProxy.saying("x-email", "x-proof", "proxy"))
                        .askedBy(SlackApp.bot("bot").signingBy("signing")))
                .telling(Standards.from(URI.create("https://ci.example.com"))
                        .eventsTo(URI.create("https://events.example.com"), "event-key")
                        .provenanceSignedWith("signer"))
                .notify(Notices.to("other", Destination.slackWebhook("slack-hook")))
                .demand();

        assertThat(demand.ingressSecrets()).containsExactly("hook", "links", "next-hook", "pages", "proxy", "signing");
        assertThat(demand.engineSecrets())
                .containsExactly("bot", "event-key", "forge-token", "links", "signer", "slack-hook");
        assertThat(demand.repositories()).containsExactly("shop");
    }

    @Test
    void pipelines_that_stages_run_are_among_the_plans() {
        Pipeline child = pipeline("child");
        Pipeline parent = Pipeline.define("parent", p -> p.child("inner", child));

        assertThat(Engine.on(SimulatedCloud.of(parent))
                        .register(parent)
                        .demand()
                        .plans())
                .extracting(Plan::pipeline)
                .containsExactly("child", "parent");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "shop.", "shop-ci.Main", "a b", "9.Main", "shop/Main"})
    void what_is_no_name_of_a_class_is_refused(String entry) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Blueprint.Code(entry, Digest.of(new byte[0])))
                .withMessageContaining("is not the name of a class such as 'shop.ci.ShopCi'");
    }
}
