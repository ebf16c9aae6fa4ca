// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.aws.fake;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.hash.Hashing;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;

/** One function of {@link FakeLambda}, with its versions and aliases. Guarded by the fake. */
final class FakeFunction {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int READS_UNTIL_UPDATED = 2;

    private final String name;
    private final List<byte[]> versions = new ArrayList<>();
    private final List<SortedMap<String, String>> variablesOfVersions = new ArrayList<>();
    private final SortedMap<String, ObjectNode> failures = new TreeMap<>();
    private final SortedMap<String, ObjectNode> aliases = new TreeMap<>();
    private final SortedMap<String, List<String>> traffic = new TreeMap<>();
    private byte[] latest;
    private SortedMap<String, String> variables = new TreeMap<>();
    private String revision = UUID.randomUUID().toString();
    private int pendingReads;

    FakeFunction(String name, byte[] code) {
        this.name = name;
        this.latest = code;
    }

    /** Takes new code, which is not there at once. */
    void update(byte[] code) {
        replace(code);
        pendingReads = READS_UNTIL_UPDATED;
    }

    void replace(byte[] code) {
        latest = code;
        revision = UUID.randomUUID().toString();
    }

    /** Takes other variables, which are not there at once. */
    void update(SortedMap<String, String> environment) {
        variables = environment;
        revision = UUID.randomUUID().toString();
        pendingReads = READS_UNTIL_UPDATED;
    }

    boolean isUpdating() {
        return pendingReads > 0;
    }

    String revision() {
        return revision;
    }

    /** Publishes; the same code and variables again give the version that has them, as Lambda does. */
    String publish() {
        int last = versions.size() - 1;
        if (versions.isEmpty()
                || !java.util.Arrays.equals(versions.get(last), latest)
                || !variablesOfVersions.get(last).equals(variables)) {
            versions.add(latest);
            variablesOfVersions.add(variables);
        }
        return Integer.toString(versions.size());
    }

    List<byte[]> versions() {
        return versions;
    }

    Optional<byte[]> code(String version) {
        if (version.equals("$LATEST")) {
            return Optional.of(latest);
        }
        int number = Integer.parseInt(version);
        return number >= 1 && number <= versions.size() ? Optional.of(versions.get(number - 1)) : Optional.empty();
    }

    /** The variables that a version sees. */
    SortedMap<String, String> variables(String version) {
        return version.equals("$LATEST") ? variables : variablesOfVersions.get(Integer.parseInt(version) - 1);
    }

    /** What becomes of failures, by alias. */
    SortedMap<String, ObjectNode> failures() {
        return failures;
    }

    SortedMap<String, ObjectNode> aliases() {
        return aliases;
    }

    /** Where an alias has led so far: its version, and the others with their weights. A change that changes nothing is none. */
    List<String> traffic(String alias) {
        return traffic.computeIfAbsent(alias, any -> new ArrayList<>());
    }

    /** Takes note of where an alias leads now. */
    void led(String alias) {
        JsonNode now = aliases.getOrDefault(alias, JSON.createObjectNode());
        StringBuilder shares = new StringBuilder(now.path("FunctionVersion").asText("nowhere"));
        now.path("RoutingConfig")
                .path("AdditionalVersionWeights")
                .properties()
                .forEach(weight ->
                        shares.append(" ").append(weight.getKey()).append("=").append(weight.getValue()));
        List<String> before = traffic(alias);
        if (before.isEmpty() || !before.get(before.size() - 1).contentEquals(shares)) {
            before.add(shares.toString());
        }
    }

    static String sha256(byte[] code) {
        return Base64.getEncoder()
                .encodeToString(Hashing.sha256().hashBytes(code).asBytes());
    }

    String arn() {
        return "arn:aws:lambda:eu-west-1:123456789012:function:" + name;
    }

    /** The configuration of a version; reading that of {@code $LATEST} lets time pass. */
    ObjectNode configuration(String version) {
        if (version.equals("$LATEST") && pendingReads > 0) {
            pendingReads--;
        }
        ObjectNode json = JSON.createObjectNode();
        json.put("FunctionName", name).put("FunctionArn", version.equals("$LATEST") ? arn() : arn() + ":" + version);
        json.put("Runtime", "java25").put("Handler", "shop.Api").put("Version", version);
        json.put("CodeSha256", sha256(code(version).orElseThrow()));
        json.put("CodeSize", code(version).orElseThrow().length);
        json.put("RevisionId", revision).put("State", "Active");
        ObjectNode environment = json.putObject("Environment").putObject("Variables");
        variables(version).forEach(environment::put);
        json.put("LastUpdateStatus", isUpdating() ? "InProgress" : "Successful");
        return json;
    }
}
