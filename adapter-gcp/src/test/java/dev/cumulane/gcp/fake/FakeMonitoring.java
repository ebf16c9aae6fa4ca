// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.gcp.fake;

import com.google.monitoring.v3.AlertPolicy;
import com.google.monitoring.v3.AlertServiceProto;
import com.google.monitoring.v3.ListAlertPoliciesRequest;
import com.google.monitoring.v3.ListAlertPoliciesResponse;
import com.google.protobuf.BoolValue;
import com.google.protobuf.Message;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Cloud Monitoring over REST: alerting policies as the published definition has them, and their alerts, of which there is a documented REST form alone. One to a page, so that whoever reads
 * no further than the first is found out.
 */
public final class FakeMonitoring extends FakeProtoService {
    private static final Pattern DISPLAY_NAME = Pattern.compile("display_name=\"((?:[^\"\\\\]|\\\\.)*)\"");
    private static final Pattern ALERTS = Pattern.compile("/v3/projects/[a-z][a-z0-9-]{4,28}[a-z0-9]/alerts");
    private static final Set<String> PARAMETERS = Set.of("filter", "orderBy", "pageSize", "pageToken");
    private static final int LARGEST_PAGE = 1000;

    private final List<AlertPolicy> policies = new CopyOnWriteArrayList<>();
    private final Map<String, String> alerts = new TreeMap<>();

    /** No policies. */
    public FakeMonitoring() {
        super(AlertServiceProto.getDescriptor().findServiceByName("AlertPolicyService"));
    }

    /**
     * Makes a policy.
     *
     * @param displayName what people call it
     * @param enabled whether it can ring
     */
    public void policy(String displayName, boolean enabled) {
        policies.add(AlertPolicy.newBuilder()
                .setName("projects/test-project/alertPolicies/" + (policies.size() + 1))
                .setDisplayName(displayName)
                .setEnabled(BoolValue.of(enabled))
                .build());
    }

    /**
     * Opens an alert of each policy of a name.
     *
     * @param displayName the policies' name
     */
    public synchronized void ring(String displayName) {
        for (AlertPolicy policy : policies) {
            if (policy.getDisplayName().equals(displayName)) {
                alerts.put(policy.getName(), "OPEN");
            }
        }
    }

    /** Closes all alerts, which stay in the list. */
    public synchronized void silence() {
        alerts.replaceAll((policy, state) -> "CLOSED");
    }

    @Override
    Message call(String method, Message message) {
        if (!method.equals("ListAlertPolicies")) {
            throw unsupported(method);
        }
        ListAlertPoliciesRequest request = typed(message, ListAlertPoliciesRequest.parser());
        Matcher filter = DISPLAY_NAME.matcher(request.getFilter());
        if (!filter.matches() || request.getPageSize() < 0 || request.getPageSize() > LARGEST_PAGE) {
            throw wrong("filter or page_size");
        }
        String name = filter.group(1).replaceAll("\\\\(.)", "$1");
        List<AlertPolicy> found = policies.stream()
                .filter(policy -> policy.getDisplayName().equals(name))
                .toList();
        int at = at(request.getPageToken());
        return ListAlertPoliciesResponse.newBuilder()
                .addAllAlertPolicies(found.subList(Math.min(at, found.size()), Math.min(at + 1, found.size())))
                .setNextPageToken(at + 1 < found.size() ? Integer.toString(at + 1) : "")
                .build();
    }

    @Override
    protected Answer handle(Request request) {
        return ALERTS.matcher(request.path()).matches() ? alerts(request) : super.handle(request);
    }

    private synchronized Answer alerts(Request request) {
        boolean right = request.method().equals("GET")
                && request.body().length == 0
                && PARAMETERS.containsAll(request.query().keySet())
                && request.query().getOrDefault("filter", "state=\"OPEN\"").matches("state=\"(OPEN|CLOSED)\"")
                && request.query().getOrDefault("pageSize", "1").matches("[1-9][0-9]{0,2}|1000");
        if (!right) {
            throw wrong("alerts of " + request.query());
        }
        String filter = request.query().getOrDefault("filter", "");
        List<String> found = alerts.entrySet().stream()
                .filter(alert -> filter.isEmpty() || filter.contains(alert.getValue()))
                .map(alert -> "{\"name\":\"projects/test-project/alerts/0." + Integer.toHexString(alert.hashCode())
                        + "\",\"state\":\"" + alert.getValue() + "\",\"policy\":{\"name\":\"" + alert.getKey() + "\"}}")
                .toList();
        int at = at(request.query().getOrDefault("pageToken", ""));
        String page = found.stream().skip(at).limit(1).collect(Collectors.joining(","));
        String next = at + 1 < found.size() ? ",\"nextPageToken\":\"" + (at + 1) + "\"" : "";
        return Answer.of(200, "{\"alerts\":[" + page + "]" + next + "}");
    }

    private static int at(String token) {
        if (!token.matches("[0-9]{0,6}")) {
            throw wrong("page_token");
        }
        return token.isEmpty() ? 0 : Integer.parseInt(token);
    }

    private static Refused wrong(String what) {
        return new Refused(400, "INVALID_ARGUMENT", "Request contains an invalid argument: " + what);
    }
}
