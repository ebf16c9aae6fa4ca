// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.gcp.fake;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.api.gax.rpc.AbortedException;
import com.google.api.gax.rpc.FailedPreconditionException;
import com.google.api.gax.rpc.InvalidArgumentException;
import com.google.api.gax.rpc.NotFoundException;
import com.google.cloud.functions.v2.Environment;
import com.google.cloud.functions.v2.GenerateUploadUrlRequest;
import com.google.cloud.functions.v2.UpdateFunctionRequest;
import com.google.cloud.run.v2.TrafficTargetAllocationType;
import com.google.cloud.run.v2.UpdateServiceRequest;
import com.google.protobuf.TextFormat;
import dev.cumulane.gcp.client.GrpcClients;
import dev.cumulane.gcp.emulator.Emulators;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the fake of Cloud Functions and Cloud Run refuses, by the published definitions and by what their documentation says. */
final class FakeFunctionsTest {
    private static final String LOCATION = "projects/test-project/locations/europe-west1";
    private static final String CODE = "function { name: '" + LOCATION + "/functions/shop-api' "
            + "labels { key: 'release' value: 'v1' } build_config { source { storage_source { bucket: 'gcf-v2-uploads' object: 'source-1.zip' } } } "
            + "service_config { all_traffic_on_latest_revision: false } } "
            + "update_mask { paths: 'labels' paths: 'build_config.source' paths: 'service_config.all_traffic_on_latest_revision' }";

    private static final String TRAFFIC = "service { name: '" + LOCATION + "/services/shop-api' etag: 'ETAG' "
            + "template { service_account: 'api@test-project.iam.gserviceaccount.com' } "
            + "traffic { type: TRAFFIC_TARGET_ALLOCATION_TYPE_REVISION revision: 'shop-api-00001-abc' percent: 100 tag: 'origin' } } "
            + "update_mask { paths: 'traffic' }";

    private FakeFunctions service;
    private GrpcClients clients;

    @BeforeEach
    void open() throws IOException {
        service = new FakeFunctions(LOCATION, "shop-api");
        clients = new GrpcClients(
                Emulators.clients(Map.of("cloudfunctions", service.endpoint(), "run", service.endpoint())));
        assertThat(upload("application/zip")).isEqualTo(200);
    }

    @AfterEach
    void close() {
        clients.close();
        service.close();
    }

    private int upload(String type) throws IOException {
        GenerateUploadUrlRequest where = GenerateUploadUrlRequest.newBuilder()
                .setParent(LOCATION)
                .setEnvironment(Environment.GEN_2)
                .build();
        String address = clients.functions().generateUploadUrl(where).getUploadUrl();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            zip.putNextEntry(new ZipEntry("word.txt"));
            zip.write("one".getBytes(UTF_8));
        }
        HttpURLConnection connection =
                (HttpURLConnection) URI.create(address).toURL().openConnection();
        connection.setRequestMethod("PUT");
        connection.setRequestProperty("Content-Type", type);
        connection.setDoOutput(true);
        try (OutputStream out = connection.getOutputStream()) {
            out.write(bytes.toByteArray());
        }
        return connection.getResponseCode();
    }

    private void update(String text) throws Exception {
        var unused =
                clients.functions().updateFunctionCallable().call(TextFormat.parse(text, UpdateFunctionRequest.class));
    }

    private void share(String text) throws Exception {
        String now = text.replace("ETAG", service.service().getEtag());
        var unused = clients.services().updateServiceCallable().call(TextFormat.parse(now, UpdateServiceRequest.class));
    }

    @Test
    void a_right_request_makes_a_revision_and_another_one_leads_the_traffic() throws Exception {
        update(CODE);
        share(TRAFFIC);

        assertThat(service.starts("one")).isEqualTo(1);
        assertThat(service.answer()).isEmpty();
        assertThat(service.violations()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "/functions/shop-api'                | /services/shop-api'",
                "projects/test-project/locations     | projects/test-project/regions",
                "object: 'source-1.zip'              | object: 'source-2.zip'",
                "object: 'source-1.zip'              | ~~",
                "paths: 'build_config.source'        | ~~",
                "paths: 'build_config.source'        | paths: 'build_config'",
                "paths: 'labels'                     | paths: 'state'",
                "paths: 'labels'                     | paths: 'build_config.runtime'",
                "paths: 'labels'                     | paths: '*'",
                "update_mask { paths: 'labels' paths: 'build_config.source' paths: 'service_config.all_traffic_on_latest_revision' } | ~~"
            })
    void a_wrong_update_is_refused(String right, String wrong) {
        assertThat(CODE).contains(right);

        assertThatThrownBy(() -> update(CODE.replace(right, wrong)))
                .isInstanceOfAny(InvalidArgumentException.class, NotFoundException.class);

        assertThat(service.starts("one")).isZero();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "/services/shop-api'      | /functions/shop-api'",
                "etag: 'ETAG'             | ~~",
                "template { service_account: 'api@test-project.iam.gserviceaccount.com' } | ~~",
                "paths: 'traffic'         | ~~",
                "paths: 'traffic'         | paths: 'template'",
                "paths: 'traffic'         | paths: 'traffic' paths: 'labels'",
                "percent: 100             | percent: 99",
                "percent: 100             | percent: 101",
                "percent: 100             | ~~",
                "-00001-                  | -00002-",
                "ALLOCATION_TYPE_REVISION | ALLOCATION_TYPE_LATEST",
                "tag: 'origin'            | tag: 'Origin'",
                "tag: 'origin'            | tag: 'o_'"
            })
    void a_wrong_share_is_refused(String right, String wrong) {
        assertThat(TRAFFIC).contains(right);

        assertThatThrownBy(() -> share(TRAFFIC.replace(right, wrong)))
                .isInstanceOfAny(InvalidArgumentException.class, NotFoundException.class);

        assertThat(service.service().getTraffic(0).getType())
                .isEqualTo(TrafficTargetAllocationType.TRAFFIC_TARGET_ALLOCATION_TYPE_LATEST);
    }

    @Test
    void what_was_changed_since_it_was_read_or_is_being_changed_is_refused_in_the_services_words() throws Exception {
        assertThatThrownBy(() -> share(TRAFFIC.replace("ETAG", "e0"))).isInstanceOf(AbortedException.class);
        assertThat(upload("application/octet-stream")).isEqualTo(403);
        update(CODE);
        assertThatThrownBy(() -> update(CODE)).isInstanceOf(FailedPreconditionException.class);
    }

    @Test
    void an_update_that_does_not_say_that_traffic_stays_moves_it() throws Exception {
        update(CODE.replace(" paths: 'service_config.all_traffic_on_latest_revision'", ""));

        assertThat(service.answer()).contains("one");
    }
}
