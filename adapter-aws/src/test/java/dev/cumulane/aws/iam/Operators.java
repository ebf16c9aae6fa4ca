// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.aws.iam;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Instant;
import java.util.Map;
import java.util.function.BiPredicate;
import java.util.function.IntPredicate;

/** The operators of conditions, by their names: whether a value of the request fits one of the policy. Those that negate another one are not here. */
final class Operators {
    private static final Map<String, BiPredicate<String, String>> ALL = Map.ofEntries(
            Map.entry("StringEquals", (policy, value) -> Wildcards.plain(policy).equals(value)),
            Map.entry(
                    "StringEqualsIgnoreCase",
                    (policy, value) -> Wildcards.plain(policy).equalsIgnoreCase(value)),
            Map.entry("StringLike", Wildcards::like),
            Map.entry("ArnEquals", Wildcards::arnLike),
            Map.entry("ArnLike", Wildcards::arnLike),
            Map.entry("Bool", (policy, value) -> Wildcards.plain(policy).equalsIgnoreCase(value)),
            Map.entry("BinaryEquals", (policy, value) -> Wildcards.plain(policy).equals(value)),
            Map.entry("NumericEquals", numeric(order -> order == 0)),
            Map.entry("NumericLessThan", numeric(order -> order < 0)),
            Map.entry("NumericLessThanEquals", numeric(order -> order <= 0)),
            Map.entry("NumericGreaterThan", numeric(order -> order > 0)),
            Map.entry("NumericGreaterThanEquals", numeric(order -> order >= 0)),
            Map.entry("DateEquals", date(order -> order == 0)),
            Map.entry("DateLessThan", date(order -> order < 0)),
            Map.entry("DateLessThanEquals", date(order -> order <= 0)),
            Map.entry("DateGreaterThan", date(order -> order > 0)),
            Map.entry("DateGreaterThanEquals", date(order -> order >= 0)),
            Map.entry("IpAddress", Operators::isWithin));

    private static final Map<String, String> NEGATED = Map.of(
            "StringNotEquals", "StringEquals",
            "StringNotEqualsIgnoreCase", "StringEqualsIgnoreCase",
            "StringNotLike", "StringLike",
            "ArnNotEquals", "ArnEquals",
            "ArnNotLike", "ArnLike",
            "NumericNotEquals", "NumericEquals",
            "DateNotEquals", "DateEquals",
            "NotIpAddress", "IpAddress");

    private Operators() {}

    static boolean isNegated(String name) {
        return NEGATED.containsKey(name);
    }

    /** The operator of this name, without its negation. */
    static BiPredicate<String, String> positive(String name) {
        BiPredicate<String, String> found = ALL.get(NEGATED.getOrDefault(name, name));
        if (found == null) {
            throw new IllegalArgumentException("IAM has no operator " + name);
        }
        return found;
    }

    private static BiPredicate<String, String> numeric(IntPredicate order) {
        return (policy, value) -> order.test(new BigDecimal(value).compareTo(new BigDecimal(Wildcards.plain(policy))));
    }

    private static BiPredicate<String, String> date(IntPredicate order) {
        return (policy, value) -> order.test(instant(value).compareTo(instant(Wildcards.plain(policy))));
    }

    private static Instant instant(String text) {
        return text.matches("[0-9]+") ? Instant.ofEpochSecond(Long.parseLong(text)) : Instant.parse(text);
    }

    private static boolean isWithin(String policy, String value) {
        String[] parts = Wildcards.plain(policy).split("/", 2);
        try {
            byte[] network = InetAddress.getByName(parts[0]).getAddress();
            byte[] address = InetAddress.getByName(value).getAddress();
            int bits = network.length * 8;
            int kept = parts.length == 2 ? Integer.parseInt(parts[1]) : bits;
            return network.length == address.length
                    && new BigInteger(1, network)
                            .shiftRight(bits - kept)
                            .equals(new BigInteger(1, address).shiftRight(bits - kept));
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException("not an address: " + policy + " or " + value, e);
        }
    }
}
