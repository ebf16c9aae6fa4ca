// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.aws;

import dev.cumulane.cloud.Cloud;
import dev.cumulane.cloud.CloudProvider;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** Offers an AWS account as {@code --cloud aws}: a region and a namespace, and no environment to deploy to. */
public final class AwsCloudProvider implements CloudProvider {
    private static final String REGION = "region";
    private static final String NAMESPACE = "namespace";
    private static final String ACCOUNT = "account";

    /** For the service loader. */
    public AwsCloudProvider() {}

    @Override
    public String name() {
        return AwsCloud.NAME;
    }

    @Override
    public SortedMap<String, String> settings() {
        SortedMap<String, String> settings = new TreeMap<>();
        settings.put(REGION, "the region, such as eu-west-1; AWS_REGION of the environment if left out");
        settings.put(NAMESPACE, "what the resources' names begin with; cumulane if left out");
        settings.put(ACCOUNT, "the account's number; that of the credentials if left out");
        return settings;
    }

    @Override
    public Cloud open(SortedMap<String, String> settings) {
        String region = Optional.ofNullable(settings.get(REGION))
                .or(() -> Optional.ofNullable(System.getenv("AWS_REGION")))
                .orElseThrow(() -> new IllegalArgumentException(
                        "setting 'region' is missing; say which, such as region=eu-west-1, or set AWS_REGION"));
        Aws aws = Aws.inRegion(region);
        Optional.ofNullable(settings.get(NAMESPACE)).ifPresent(aws::namespace);
        Optional.ofNullable(settings.get(ACCOUNT)).ifPresent(aws::account);
        return aws.connect();
    }
}
