// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.aws.endtoend;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import java.util.zip.InflaterInputStream;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.s3.model.S3Object;

/** Everything that an installation has left anywhere, packed or not, to look for what must not be there. */
final class Traces {
    private final AwsOnLoopback aws;
    private final Collection<String> wanted;
    private final List<String> found = new ArrayList<>();
    private int places;

    private Traces(AwsOnLoopback aws, Collection<String> wanted) {
        this.aws = aws;
        this.wanted = wanted;
    }

    /** What was found where. */
    record Findings(List<String> found, int places) {}

    /** Looks for texts in journal, objects, messages, answers, notices, calls, and in the files below a directory, which are logs and what builds left. */
    static Findings of(Collection<String> wanted, AwsOnLoopback aws, Path directory) throws IOException {
        Traces traces = new Traces(aws, wanted);
        traces.journal();
        traces.objects();
        traces.all("message", aws.messages());
        traces.all("answer of ingress", aws.url().answers());
        traces.all("notice", aws.neighbours().told());
        aws.codeBuild().requests("").forEach(request -> traces.look("call of CodeBuild", request.body()));
        aws.lambda().requests("").forEach(request -> traces.look("call of Lambda", request.body()));
        traces.files(directory);
        return new Findings(traces.found, traces.places);
    }

    private void journal() throws IOException {
        for (Map<String, AttributeValue> item : aws.clients()
                .dynamoDb()
                .scanPaginator(request -> request.tableName(aws.names().table()))
                .items()) {
            look("item", item.toString().getBytes(UTF_8));
            for (AttributeValue value : item.values()) {
                if (value.b() != null) {
                    look("bytes of an item", value.b().asByteArray());
                }
            }
        }
    }

    private void objects() throws IOException {
        for (S3Object object : aws.clients()
                .s3()
                .listObjectsV2Paginator(request -> request.bucket(aws.names().bucket()))
                .contents()) {
            look(object.key(), bytes(object.key()));
        }
    }

    private byte[] bytes(String key) {
        return aws.clients()
                .s3()
                .getObjectAsBytes(
                        request -> request.bucket(aws.names().bucket()).key(key))
                .asByteArray();
    }

    private void files(Path directory) throws IOException {
        try (Stream<Path> all = Files.walk(directory)) {
            for (Path file : all.filter(Files::isRegularFile).toList()) {
                look(file.toString(), Files.readAllBytes(file));
            }
        }
    }

    private void all(String what, List<String> texts) {
        texts.forEach(text -> look(what, text.getBytes(UTF_8)));
    }

    private void look(String where, byte[] bytes) {
        places++;
        List<String> texts = new ArrayList<>(List.of(new String(bytes, UTF_8)));
        unpacked(() -> new GZIPInputStream(new ByteArrayInputStream(bytes)), texts);
        unpacked(() -> new InflaterInputStream(new ByteArrayInputStream(bytes)), texts);
        for (String secret : wanted) {
            if (texts.stream().anyMatch(text -> text.contains(secret))) {
                found.add(secret + " in " + where);
            }
        }
    }

    @FunctionalInterface
    private interface Opened {
        InputStream open() throws IOException;
    }

    private static void unpacked(Opened packed, List<String> texts) {
        try (InputStream in = packed.open()) {
            texts.add(new String(in.readAllBytes(), UTF_8));
        } catch (IOException e) {
            // Then it was not packed this way.
        }
    }
}
