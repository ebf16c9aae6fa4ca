// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.pipeline;

import java.util.regex.Pattern;

/**
 * A container that runs beside a stage's work, such as a database, and ends with it. The work reaches it under its name.
 *
 * @param name its name, also as a host name
 * @param image the container image
 */
public record Service(String name, String image) {
    /** The most services of one stage. */
    static final int MOST = 10;

    private static final Pattern IMAGE = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._/:@-]{0,254}");

    /** Checks name and image. */
    public Service {
        Names.check("service", name);
        if (!IMAGE.matcher(image).matches()) {
            throw new IllegalArgumentException("container image " + Names.shown(image) + " of service '" + name
                    + "' is not usable: a name such as 'postgres:16'");
        }
    }

    /**
     * A service.
     *
     * @param name its name, also as a host name
     * @param image the container image
     * @return the service
     */
    public static Service service(String name, String image) {
        return new Service(name, image);
    }
}
