// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.azure.endtoend;

import static dev.cumulane.pipeline.Approvers.anyOf;
import static dev.cumulane.pipeline.Environment.environment;
import static dev.cumulane.pipeline.Retry.twice;
import static dev.cumulane.pipeline.Rollout.canary;
import static dev.cumulane.pipeline.Trigger.push;
import static dev.cumulane.pipeline.Value.secret;
import static dev.cumulane.pipeline.Work.container;

import dev.cumulane.azure.functions.AzureFunctions;
import dev.cumulane.cloud.Cloud;
import dev.cumulane.cloud.contract.Swap;
import dev.cumulane.engine.Engine;
import dev.cumulane.people.People;
import dev.cumulane.people.Person;
import dev.cumulane.people.SlackApp;
import dev.cumulane.pipeline.FunctionStage;
import dev.cumulane.pipeline.Pipeline;
import dev.cumulane.pipeline.StageContext;
import dev.cumulane.source.Forge;
import dev.cumulane.source.Repository;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** A team's entry class and its pipeline of five stages. A host makes it by its name, so what is only true on loopback is set before. */
public final class ShopCi extends AzureFunctions {
    static final String APP = "shop-api";
    static final String ALARM = "shop-5xx";

    private static volatile Optional<World> world = Optional.empty();

    /** Made by the host. */
    public ShopCi() {
        super(() -> world.orElseThrow().cloud().get(), engine -> setUp(engine, world.orElseThrow()));
    }

    /**
     * What is only true on loopback.
     *
     * @param cloud makes a function's cloud
     * @param repository where the team's repository is
     * @param neighbours where forge and chat are
     * @param pages where the pages are
     * @param hold how long a canary keeps its share
     */
    record World(Supplier<Cloud> cloud, String repository, String neighbours, String pages, Duration hold) {}

    /** What functions find that are made from now on. */
    static void in(World given) {
        world = Optional.of(given);
    }

    /** Looks into what was built, with a secret that only its worker may read. */
    public static final class Inspection implements FunctionStage {
        @Override
        public Result run(StageContext context) throws IOException {
            context.log("the scanner shows " + context.env("SCANNER_TOKEN"));
            String jar = Files.readString(context.input("jar"));
            return jar.startsWith("A shop.") ? Result.success("it is a shop") : Result.failure("it is " + jar);
        }
    }

    static Pipeline pipeline(Duration hold) {
        return Pipeline.define("shop", p -> {
            p.on(push().to("main"));
            var build = p.build(
                    "build",
                    container("maven:3.9-eclipse-temurin-21")
                            .reads(p.source())
                            .runs(
                                    "sh build.sh",
                                    "echo \"npm shows $NPM_TOKEN\"",
                                    "echo shop.azurecr.io/shop@sha256:`sha256sum shop.jar | cut -c1-64` >image")
                            .env("NPM_TOKEN", secret("npm-token"))
                            .writes("jar", "shop.jar")
                            .writes("image", "image")
                            .within(Duration.ofMinutes(5))
                            .retrying(twice().onLostWorker()));
            var unit = p.test(
                    "unit",
                    container("alpine:3.22").reads(build.artifact("jar")).runs("grep -q shop shop.jar"));
            var inspection = p.function("inspection", Inspection.class)
                    .reads(build.artifact("jar"))
                    .env("SCANNER_TOKEN", secret("scanner-token"))
                    .retrying(twice().onLostWorker());
            var release = p.approval("release", anyOf("ada", "grace"))
                    .after(unit, inspection)
                    .expiresAfter(Duration.ofDays(3));
            p.deploy(build.artifact("image"), environment("production"))
                    .after(release)
                    .rollingOut(canary(10).holding(hold).rollingBackOnAlarm(ALARM));
        });
    }

    static Engine.Builder setUp(Engine.Builder engine, World world) {
        People people = People.of(
                        Person.named("ada").onSlack("U024BE7LH"),
                        Person.named("grace").onSlack("U0G9QF9C6"))
                .linksSignedBy("link-key")
                .askedBy(new SlackApp("slack-bot", List.of(), world.neighbours() + "/slack/api"));
        return engine.register(pipeline(world.hold()), Swap.pipeline(world.hold()))
                .repository(Repository.on(Forge.GITHUB, "shop", world.repository())
                        .called("acme/shop")
                        .api(world.neighbours() + "/github")
                        .verifiedBy("github-webhook")
                        .token("github-token"))
                .people(people)
                .pages(world.pages())
                .reachingInside(world.neighbours());
    }
}
