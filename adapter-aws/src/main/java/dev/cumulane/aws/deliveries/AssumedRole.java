// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.aws.deliveries;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A role of another account that a deployment takes on. Its credentials live for 15 minutes, in memory alone; its session is called as the run, so that the other account's
 * trail says which run it was.
 *
 * @param arn the role
 * @param externalId what the role's trust policy asks for in {@code sts:ExternalId}: it tells this installation from another one in the same account
 */
public record AssumedRole(String arn, String externalId) {
    private static final Pattern ARN = Pattern.compile("arn:aws[a-z-]*:iam::([0-9]{12}):role/[\\w+=,.@/-]{1,512}");
    private static final Pattern EXTERNAL_ID = Pattern.compile("[\\w+=,.@:/-]{2,1224}");

    /** Refuses what is no role, and an id that the token service does not take. */
    public AssumedRole {
        if (!ARN.matcher(arn).matches()) {
            throw new IllegalArgumentException("not the ARN of a role: '" + shown(arn)
                    + "'; it looks like arn:aws:iam::210987654321:role/shop-deployer");
        }
        if (!EXTERNAL_ID.matcher(externalId).matches()) {
            throw new IllegalArgumentException(
                    "an external id has 2 to 1,224 letters, digits and characters of _+=,.@:/-, not '"
                            + shown(externalId) + "'");
        }
    }

    /**
     * Whose role it is.
     *
     * @return the account's number
     */
    public String account() {
        Matcher parts = ARN.matcher(arn);
        return parts.matches() ? parts.group(1) : "";
    }

    static String shown(String text) {
        String line = text.replaceAll("\\p{Cntrl}", "?");
        return line.length() > 100 ? line.substring(0, 97) + "..." : line;
    }
}
