// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.azure.client;

/** The settings by which the template tells a function app what it is and where. The template sets them and the functions read them; both find their names here. */
public final class AzureVariables {
    /** The id of the subscription. */
    public static final String SUBSCRIPTION = "AZURE_SUBSCRIPTION_ID";

    /** The address of the deployed ingress. */
    public static final String INGRESS = "CUMULANE_INGRESS";

    /** The sha-256 of the deployed jar, in hexadecimal digits. */
    public static final String CODE = "CUMULANE_CODE";

    /** The queue from which a worker takes its calls. */
    public static final String CALLS = "CUMULANE_CALLS";

    /** When the sweep runs, as a timer of Functions reads it: six fields, seconds first. */
    public static final String SWEEP = "CUMULANE_SWEEP";

    /** What the settings begin with that say where the queues are and whose identity reads them, such as {@code CUMULANE_STORAGE__queueServiceUri}. */
    public static final String STORAGE = "CUMULANE_STORAGE";

    private AzureVariables() {}
}
