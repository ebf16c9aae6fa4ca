// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.engine;

import dev.cumulane.cloud.Cloud;
import dev.cumulane.internal.codec.Coding;
import dev.cumulane.internal.forge.Accesses;
import dev.cumulane.internal.ingress.Ingress;
import dev.cumulane.internal.ingress.Sources;
import dev.cumulane.internal.notice.SlackInteractions;
import dev.cumulane.internal.page.Pages;
import dev.cumulane.internal.people.VotingLinks;
import dev.cumulane.internal.shell.EngineCore;
import dev.cumulane.pipeline.Pipeline;
import java.util.List;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What an engine is made of.
 *
 * @param core does runs
 * @param sources knows what the forges tell
 * @param ingress answers requests
 * @param pages shows runs to people
 */
record Parts(EngineCore core, Sources sources, Ingress ingress, Pages pages) {

    private static final Logger LOG = LoggerFactory.getLogger(Engine.class);

    /** The parts of an engine on this cloud, which know each other. */
    static Parts of(
            Cloud cloud,
            List<Pipeline> pipelines,
            Sources.Setup setup,
            Following following,
            Consumer<String> refusals) {
        EngineCore core = new EngineCore(cloud);
        Accesses accesses = new Accesses(cloud, following.inside());
        core.follow(following.followers(cloud, core.others(), accesses, setup.repositories()));
        core.follow(following.standards(cloud, core.past()));
        VotingLinks links = new VotingLinks(setup.people(), cloud.secrets(), following.pages());
        core.follow(following.messages(cloud, core, links));
        Sources sources = new Sources(cloud, Coding.JSON, core, accesses, setup);
        Pages pages = following.pages(core, cloud, sources);
        Ingress ingress = new Ingress(
                cloud,
                Coding.JSON,
                setup.repositories(),
                new SlackInteractions(cloud, setup.people(), links, core::vote),
                pages::answer,
                refusals);
        core.register(pipelines);
        return new Parts(core, sources, ingress, pages);
    }

    /** Has this cloud look after open runs, as long as it is open. */
    void sweepWith(Cloud cloud) {
        // Apart: a forge that hangs must not keep runs waiting.
        cloud.sweepWith(guarded(core::sweep));
        cloud.sweepWith(guarded(sources::sweep));
    }

    private static Runnable guarded(Runnable sweep) {
        return () -> {
            try {
                sweep.run();
            } catch (RuntimeException e) {
                LOG.warn("The sweep failed and is repeated: {}", e.getMessage());
            }
        };
    }
}
