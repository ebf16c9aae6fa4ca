// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.aws.endtoend;

import static dev.cumulane.pipeline.Approvers.anyOf;
import static dev.cumulane.pipeline.Environment.environment;
import static dev.cumulane.pipeline.Retry.twice;
import static dev.cumulane.pipeline.Rollout.canary;
import static dev.cumulane.pipeline.Trigger.push;
import static dev.cumulane.pipeline.Value.secret;
import static dev.cumulane.pipeline.Work.container;

import dev.cumulane.aws.Aws;
import dev.cumulane.aws.AwsUnderTest;
import dev.cumulane.aws.functions.AwsFunctions;
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
import java.net.URI;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;

/** A team's entry class and its pipeline of five stages. What is only true on loopback stands in variables. */
public final class ShopCi extends AwsFunctions {
    static final String NAMESPACE = "LOOPBACK_NAMESPACE";
    static final String ENDPOINTS = "LOOPBACK_ENDPOINTS";
    static final String NEIGHBOURS = "LOOPBACK_NEIGHBOURS";
    static final String PAGES = "LOOPBACK_PAGES";
    static final String REPOSITORY = "LOOPBACK_REPOSITORY";
    static final String HOLD = "LOOPBACK_HOLD";
    static final String SWAP = "LOOPBACK_SWAP";
    static final String FUNCTION = "shop-api";
    static final String ALARM = "shop-5xx";

    /** Made by the runtime. */
    public ShopCi() {
        this(System.getenv());
    }

    /**
     * The same where the test's own JVM plays the function.
     *
     * @param variables the function's environment
     */
    ShopCi(Map<String, String> variables) {
        super(() -> cloud(variables), engine -> setUp(engine, variables));
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
                            .runs("sh build.sh", "echo \"npm shows $NPM_TOKEN\"")
                            .env("NPM_TOKEN", secret("npm-token"))
                            .writes("jar", "shop.jar")
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
            p.deploy(build.artifact("jar"), environment("production"))
                    .after(release)
                    .rollingOut(canary(10).holding(hold).rollingBackOnAlarm(ALARM));
        });
    }

    /** Five builds, one after the other. */
    static Pipeline five() {
        return Pipeline.define("five", p -> {
            p.on(push().to("five"));
            var stage = p.build("stage-1", container("alpine:3.22").runs("true"));
            for (int i = 2; i <= 5; i++) {
                stage = p.build("stage-" + i, container("alpine:3.22").runs("true"))
                        .after(stage);
            }
        });
    }

    static Aws described(Map<String, String> variables) {
        Aws aws = AwsUnderTest.in(variables)
                .namespace(variables.getOrDefault(NAMESPACE, ""))
                .environment("production", e -> e.function(FUNCTION).alias("live"));
        for (String endpoint : variables.getOrDefault(ENDPOINTS, "").split(" ")) {
            String[] parts = endpoint.split("=", 2);
            aws.endpoint(parts[0], URI.create(parts[1]));
        }
        return aws;
    }

    /** A function's role stands in its environment, where the usual chain finds it; what is played in the test's own JVM has none. */
    private static Cloud cloud(Map<String, String> variables) {
        Aws aws = described(variables);
        return (variables.equals(System.getenv()) ? aws : aws.credentials(credentials(variables))).connect();
    }

    private static AwsCredentialsProvider credentials(Map<String, String> variables) {
        return StaticCredentialsProvider.create(
                AwsBasicCredentials.create(variables.getOrDefault("AWS_ACCESS_KEY_ID", ""), "secret"));
    }

    static Engine.Builder setUp(Engine.Builder engine, Map<String, String> variables) {
        String neighbours = variables.getOrDefault(NEIGHBOURS, "");
        People people = People.of(
                        Person.named("ada").onSlack("U024BE7LH"),
                        Person.named("grace").onSlack("U0G9QF9C6"))
                .linksSignedBy("link-key")
                .askedBy(new SlackApp("slack-bot", List.of(), neighbours + "/slack/api"));
        Duration hold = Duration.ofSeconds(Long.parseLong(variables.getOrDefault(HOLD, "1")));
        if (variables.containsKey(SWAP)) {
            engine.register(Swap.pipeline(hold));
        }
        return engine.register(pipeline(hold), five())
                .repository(Repository.on(Forge.GITHUB, "shop", variables.getOrDefault(REPOSITORY, ""))
                        .called("acme/shop")
                        .api(neighbours + "/github")
                        .verifiedBy("github-webhook")
                        .token("github-token"))
                .people(people)
                .pages(variables.getOrDefault(PAGES, ""))
                .reachingInside(neighbours);
    }
}
