// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.aws.deliveries;

import dev.cumulane.aws.client.AwsService;
import dev.cumulane.cloud.CloudException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import software.amazon.awssdk.services.cloudwatch.CloudWatchClient;
import software.amazon.awssdk.services.cloudwatch.model.AlarmType;
import software.amazon.awssdk.services.cloudwatch.model.DescribeAlarmsResponse;
import software.amazon.awssdk.services.cloudwatch.model.StateValue;

/** The alarms of CloudWatch that deployments watch. */
final class Alarms {
    private Alarms() {}

    /**
     * Whether an alarm rings.
     *
     * @throws CloudException permanent, if there is no such alarm
     */
    static boolean rings(Supplier<CloudWatchClient> client, String environment, String alarm) {
        AwsService service = new AwsService("CloudWatch", "alarm " + alarm);
        DescribeAlarmsResponse found = service.call(
                "look at the alarm",
                () -> client.get()
                        .describeAlarms(request -> request.alarmNames(alarm)
                                .alarmTypes(AlarmType.METRIC_ALARM, AlarmType.COMPOSITE_ALARM)));
        List<StateValue> states = new ArrayList<>();
        found.metricAlarms().forEach(one -> states.add(one.stateValue()));
        found.compositeAlarms().forEach(one -> states.add(one.stateValue()));
        if (states.isEmpty()) {
            throw CloudException.permanent(
                    "CloudWatch", "environment '" + environment + "' has no alarm '" + alarm + "' to watch");
        }
        return states.contains(StateValue.ALARM);
    }
}
