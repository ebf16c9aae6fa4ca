// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.aws.deliveries;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * An environment that a pipeline of CodePipeline deploys to. The release is put into a bucket, and an execution is started that reads exactly these bytes.
 *
 * @param pipeline the pipeline's name
 * @param source where the pipeline reads the release
 * @param approval the manual approval of the pipeline that is given by us, if one is: the run has asked its people before it came here
 * @param address where the environment answers, if it is known
 * @param role the role by which it is deployed to, if it is in another account
 */
public record PipelineEnvironment(
        String pipeline, Source source, Optional<String> approval, Optional<String> address, Optional<AssumedRole> role)
        implements AwsEnvironment {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9.@_-]{1,100}");

    /** Refuses names that CodePipeline does not take. */
    public PipelineEnvironment {
        check("pipeline", pipeline);
        approval.ifPresent(action -> check("action", action));
    }

    /**
     * Where a pipeline reads a release: its S3 source action, which detects no changes by itself, and whose bucket has versioning.
     *
     * @param action the action's name
     * @param bucket the bucket
     * @param key the object's key
     */
    public record Source(String action, String bucket, String key) {
        /** Refuses names that the services do not take. */
        public Source {
            check("action", action);
            if (!bucket.matches("[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")) {
                throw new IllegalArgumentException("not the name of a bucket: '" + AssumedRole.shown(bucket) + "'");
            }
            if (!key.matches("[A-Za-z0-9!_.*'()/-]{1,1000}")) {
                throw new IllegalArgumentException("not the key of an object: '" + AssumedRole.shown(key)
                        + "'; it has 1 to 1,000 letters, digits and characters of !_.*'()/-");
            }
        }
    }

    /**
     * A pipeline without its source.
     *
     * @param pipeline the pipeline's name
     * @param role the role by which it is deployed to, if it is in another account
     */
    public record Unsourced(String pipeline, Optional<AssumedRole> role) {
        /**
         * Reads the release as a zip file from this object of S3.
         *
         * @param action the pipeline's S3 source action, which detects no changes by itself
         * @param bucket its bucket, with versioning
         * @param key its object
         * @return the binding
         */
        public PipelineEnvironment reading(String action, String bucket, String key) {
            return new PipelineEnvironment(
                    pipeline, new Source(action, bucket, key), Optional.empty(), Optional.empty(), role);
        }
    }

    /**
     * The same, and a manual approval of the pipeline is given by us: whoever may approve the deployment here decides for there. Without it, people answer it in CodePipeline,
     * within the stage's time limit.
     *
     * @param action the approval action's name
     * @return the binding
     */
    public PipelineEnvironment approving(String action) {
        return new PipelineEnvironment(pipeline, source, Optional.of(action), address, role);
    }

    /**
     * The same, which answers at an address that is known.
     *
     * @param url the address
     * @return the binding
     */
    public PipelineEnvironment at(String url) {
        return new PipelineEnvironment(pipeline, source, approval, Optional.of(url), role);
    }

    private static void check(String what, String name) {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException("the name of a " + what
                    + " of CodePipeline has 1 to 100 letters, digits and characters of .@_-, not '"
                    + AssumedRole.shown(name) + "'");
        }
    }
}
