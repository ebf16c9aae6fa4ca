// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.aws.work;

import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;

/**
 * CodeBuild's Lambda compute on x86: it begins within seconds and never queues, but takes no root, no Docker, no time limit of one's own, and only images that are made for it or lie in
 * ECR.
 *
 * @param gigabytes its memory: 1, 2, 4, 8 or 10
 * @see <a href="https://docs.aws.amazon.com/codebuild/latest/userguide/lambda.html">its limits</a>
 */
public record LambdaCompute(int gigabytes) {
    /** The longest build there. */
    public static final Duration LONGEST = Duration.ofMinutes(15);

    private static final List<Integer> SIZES = List.of(1, 2, 4, 8, 10);
    private static final Pattern MADE_FOR_IT = Pattern.compile("aws/codebuild/amazonlinux-x86_64-lambda-standard:.+");
    private static final Pattern IN_ECR =
            Pattern.compile("[0-9]{12}\\.dkr\\.ecr\\.[a-z0-9-]+\\.amazonaws\\.com(\\.cn)?/.+");

    /** Refuses sizes that there are none of. */
    public LambdaCompute {
        if (!SIZES.contains(gigabytes)) {
            throw new IllegalArgumentException("Lambda compute has 1, 2, 4, 8 or 10 GB, not " + gigabytes);
        }
    }

    /** What CodeBuild calls it. */
    String type() {
        return "BUILD_LAMBDA_" + gigabytes + "GB";
    }

    /** Whether an image, as a stage names it, can run there. A mirrored one cannot be relied on: Lambda takes none for several architectures. */
    static boolean takes(String image) {
        return isMadeForIt(image) || IN_ECR.matcher(image).matches();
    }

    /** Whether an image runs nowhere else. */
    static boolean isMadeForIt(String image) {
        return MADE_FOR_IT.matcher(image).matches();
    }
}
