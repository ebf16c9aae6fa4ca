// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.azure.client;

import java.util.regex.Pattern;

/**
 * A project of Azure DevOps, whose pipelines run builds.
 *
 * @param organization the organization, such as {@code shop} in {@code https://dev.azure.com/shop}
 * @param project the project's name
 */
public record DevOpsProject(String organization, String project) {
    private static final Pattern ORGANIZATION = Pattern.compile("[A-Za-z0-9]([A-Za-z0-9-]{0,48}[A-Za-z0-9])?");
    private static final Pattern PROJECT = Pattern.compile("[A-Za-z0-9]([A-Za-z0-9 ._-]{0,62}[A-Za-z0-9_-])?");

    /** Refuses what could lead elsewhere in a URL. */
    public DevOpsProject {
        if (!ORGANIZATION.matcher(organization).matches()) {
            throw new IllegalArgumentException("not an organization of Azure DevOps: '" + shown(organization)
                    + "'; it is 1 to 50 letters, digits and hyphens, such as shop");
        }
        if (!PROJECT.matcher(project).matches()) {
            throw new IllegalArgumentException("not a project of Azure DevOps: '" + shown(project)
                    + "'; it is 1 to 64 letters, digits, spaces, full stops, hyphens and underscores, such as Shop");
        }
    }

    private static String shown(String text) {
        return text.replaceAll("\\p{Cntrl}", "?");
    }

    @Override
    public String toString() {
        return organization + "/" + project;
    }
}
