// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.people;

/** Names for those whom another service knows and the configuration does not. */
public final class Strangers {
    private static final int LONGEST = 200;

    private Strangers() {}

    /**
     * A name for the record that cannot be an approver's, whatever the service says: those have no colon.
     *
     * @param service who knows them
     * @param as what it calls them
     */
    public static String name(String service, String as) {
        String name = service + ":" + as;
        return name.length() > LONGEST ? name.substring(0, LONGEST) : name;
    }
}
