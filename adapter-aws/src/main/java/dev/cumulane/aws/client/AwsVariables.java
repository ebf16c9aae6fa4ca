// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.aws.client;

/** The environment variables by which the template tells a function what it is and where. The template sets them and the functions read them; both find their names here. */
public final class AwsVariables {
    /** Which of the three functions it is: {@code ingress}, {@code engine} or {@code worker}. */
    public static final String ROLE = "CUMULANE_ROLE";

    /** The number of the account. */
    public static final String ACCOUNT = "CUMULANE_ACCOUNT";

    /** The address of the deployed ingress. Ingress itself is not told: its URL is made after it. */
    public static final String INGRESS = "CUMULANE_INGRESS";

    /** The sha-256 of the deployed jar, in hexadecimal digits. */
    public static final String CODE = "CUMULANE_CODE";

    /** The names of the workers, separated by spaces, for an engine that updates its installation. */
    public static final String WORKERS = "CUMULANE_WORKERS";

    private AwsVariables() {}
}
