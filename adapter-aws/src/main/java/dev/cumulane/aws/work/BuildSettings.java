// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.aws.work;

import java.time.Duration;
import java.util.Optional;

/**
 * How builds are run on CodeBuild.
 *
 * @param names what projects and roles are called
 * @param computeType the size of the machine, such as {@code BUILD_GENERAL1_SMALL}
 * @param mirror where images of Docker Hub are pulled from instead, such as {@code 123456789012.dkr.ecr.eu-west-1.amazonaws.com/docker-hub}: anonymous pulls from
 *     addresses that all customers share are throttled
 * @param lambda the size on Lambda compute, if what can run there does
 */
public record BuildSettings(
        WorkNames names, String computeType, Optional<String> mirror, Optional<LambdaCompute> lambda) {
    /** The smallest machine with Linux on x86: 2 processors and 4 GB. */
    public static final String SMALL = "BUILD_GENERAL1_SMALL";

    /** Refuses a mirror that ends with a slash. */
    public BuildSettings {
        if (mirror.filter(prefix -> prefix.isBlank() || prefix.endsWith("/")).isPresent()) {
            throw new IllegalArgumentException(
                    "a mirror is a registry and a prefix without a slash at the end, not '" + mirror.get() + "'");
        }
    }

    /**
     * Builds on machines alone.
     *
     * @param names what projects and roles are called
     * @param computeType the size of the machine
     * @param mirror where images of Docker Hub are pulled from instead
     */
    public BuildSettings(WorkNames names, String computeType, Optional<String> mirror) {
        this(names, computeType, mirror, Optional.empty());
    }

    /**
     * The same, and what can run on Lambda compute does.
     *
     * @param size the size there
     * @return the settings
     */
    public BuildSettings onLambda(LambdaCompute size) {
        return new BuildSettings(names, computeType, mirror, Optional.of(size));
    }

    /** The size on Lambda compute of a build that runs there. */
    Optional<LambdaCompute> lambdaFor(String image, Duration within) {
        return lambda.filter(size -> LambdaCompute.takes(image) && within.compareTo(LambdaCompute.LONGEST) <= 0);
    }

    /** The image as CodeBuild pulls it: by way of the mirror if it is one of Docker Hub's. */
    String pulled(String image) {
        if (mirror.isEmpty() || isCurated(image)) {
            return image;
        }
        int slash = image.indexOf('/');
        String first = slash < 0 ? "" : image.substring(0, slash);
        if (first.equals("docker.io")) {
            return pulled(image.substring(slash + 1));
        }
        boolean elsewhere = first.contains(".") || first.contains(":") || first.equals("localhost");
        return elsewhere ? image : mirror.get() + "/" + (slash < 0 ? "library/" : "") + image;
    }

    /** Whether it is one of CodeBuild's own images. */
    static boolean isCurated(String image) {
        return image.startsWith("aws/codebuild/");
    }
}
