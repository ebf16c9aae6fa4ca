// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.cloud.contract;

import static dev.cumulane.pipeline.Approvers.anyOf;
import static dev.cumulane.pipeline.Environment.environment;
import static dev.cumulane.pipeline.Rollout.canary;
import static dev.cumulane.pipeline.Value.secret;
import static dev.cumulane.pipeline.Work.container;

import dev.cumulane.pipeline.FunctionStage;
import dev.cumulane.pipeline.Pipeline;
import dev.cumulane.pipeline.StageContext;
import dev.cumulane.run.Commit;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;

/** One pipeline with a stage of each kind, which runs on every cloud as it is. */
public final class Swap {
    /** The pipeline's name. */
    public static final String NAME = "swap";

    /** The environment that it deploys to; each cloud binds it to something of its own. */
    public static final String ENVIRONMENT = "production";

    /** From where the environment may pull what the artifact names, where it pulls. */
    public static final String IMAGES = "shop.azurecr.io/shop";

    /** What it runs for. No stage reads it. */
    public static final Commit COMMIT =
            new Commit("https://example.com/swap.git", "refs/heads/main", "0123456789abcdef0123456789abcdef01234567");

    /** The secret that its function is given. */
    public static final String SECRET = "scanner-token";

    private static final String TOKEN = "SCANNER_TOKEN";

    private Swap() {}

    /** Reads what was built. */
    public static final class Inspection implements FunctionStage {
        /** Made by workers. */
        public Inspection() {}

        @Override
        public Result run(StageContext context) throws IOException {
            if (context.env(TOKEN).length() < 16) {
                return Result.failure("the token is not there");
            }
            String image = Files.readString(context.input("release"));
            context.log("looks at " + image.strip());
            return image.startsWith(IMAGES + "@sha256:") ? Result.success() : Result.failure("no image of ours");
        }
    }

    /**
     * The pipeline.
     *
     * @param hold how long the canary keeps its share
     * @return the pipeline: build, test, function, approval, canary deployment, and what is always done
     */
    public static Pipeline pipeline(Duration hold) {
        return Pipeline.define(NAME, p -> {
            var build = p.build(
                    "build",
                    container("alpine:3.22")
                            .runs("printf '%s@sha256:%064d\\n' " + IMAGES + " 7 > image.txt")
                            .writes("release", "image.txt"));
            var unit = p.test(
                    "unit",
                    container("alpine:3.22")
                            .reads(build.artifact("release"))
                            .runs(
                                    "grep -q sha256 image.txt",
                                    "mkdir reports",
                                    "printf '<testsuite><testcase classname=\"swap\" name=\"names_an_image\"/></testsuite>' > reports/unit.xml")
                            .reports("reports/*.xml"));
            var inspection = p.function("inspection", Inspection.class)
                    .reads(build.artifact("release"))
                    .env(TOKEN, secret(SECRET));
            var release = p.approval("release", anyOf("ada", "grace"))
                    .after(unit, inspection)
                    .expiresAfter(Duration.ofDays(3));
            p.deploy(build.artifact("release"), environment(ENVIRONMENT))
                    .after(release)
                    .rollingOut(canary(10).holding(hold));
            p.build("clean-up", container("alpine:3.22").runs("echo over")).always();
        });
    }
}
