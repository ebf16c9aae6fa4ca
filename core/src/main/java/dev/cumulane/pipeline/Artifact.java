// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.pipeline;

import java.util.regex.Pattern;

/** Something that a stage writes and others read, as the plan says it. */
public sealed interface Artifact extends Input permits Artifact.File, Artifact.Image, Artifact.Maven {
    /**
     * The stage that writes it.
     *
     * @return the stage's name
     */
    String stage();

    /**
     * What its stage calls it.
     *
     * @return the artifact's name
     */
    String name();

    /**
     * A file or a directory of the workspace.
     *
     * @param stage the stage that writes it
     * @param name what its stage calls it
     * @param path where it lies, relative to the workspace, with slashes
     */
    record File(String stage, String name, String path) implements Artifact {}

    /**
     * A container image in a registry. Its digest, which its stage finds out, names it; a tag never does. No stage of this version writes one.
     *
     * @param stage the stage that pushes it
     * @param name what its stage calls it
     * @param repository registry and repository without tag or digest, such as {@code registry.example.com/team/shop}
     */
    record Image(String stage, String name, String repository) implements Artifact {
        private static final Pattern REPOSITORY = Pattern.compile(
                "[a-z0-9]([a-z0-9.-]{0,98}[a-z0-9])?(:[1-9][0-9]{0,4})?(/[a-z0-9]+([._-]+[a-z0-9]+)*){1,8}");

        /** Refuses what no registry would take. */
        public Image {
            if (repository.length() > 255 || !REPOSITORY.matcher(repository).matches()) {
                throw new IllegalArgumentException(
                        "image repository " + Names.shown(repository)
                                + " is not usable: registry and repository without tag or digest, such as 'registry.example.com/team/shop'");
            }
        }
    }

    /**
     * What a Maven repository keeps under coordinates; the version is its stage's to say. No stage of this version writes one.
     *
     * @param stage the stage that deploys it
     * @param name what its stage calls it
     * @param group the group id
     * @param artifact the artifact id
     */
    record Maven(String stage, String name, String group, String artifact) implements Artifact {
        private static final Pattern ID = Pattern.compile("[A-Za-z0-9_]([A-Za-z0-9_.-]{0,98}[A-Za-z0-9_])?");

        /** Refuses what is no group id or artifact id. */
        public Maven {
            if (!ID.matcher(group).matches() || !ID.matcher(artifact).matches()) {
                throw new IllegalArgumentException(
                        "Maven coordinates " + Names.shown(group + ":" + artifact)
                                + " are not usable: letters, digits, dots, hyphens and underscores, such as 'com.example:shop'");
            }
        }
    }
}
