// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.azure.functions;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.microsoft.azure.functions.annotation.AuthorizationLevel;
import com.microsoft.azure.functions.annotation.FunctionName;
import com.microsoft.azure.functions.annotation.HttpTrigger;
import com.microsoft.azure.functions.annotation.QueueTrigger;
import com.microsoft.azure.functions.annotation.TimerTrigger;
import dev.cumulane.azure.client.PackagedCode;
import dev.cumulane.pipeline.Digest;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.lang.annotation.Annotation;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * What a function app is deployed as: the team's jar, and what the host reads about its functions, made of the annotations of {@link AzureFunctions}. Any thread.
 *
 * @param kind which of the functions it has
 * @param entryClass the name of the team's entry class
 */
public record FunctionApp(Kind kind, String entryClass) {
    /** How the jar is called in the package. */
    public static final String JAR = "cumulane.jar";

    private static final ObjectMapper JSON = new ObjectMapper();

    /** Before 1980 a zip file knows no time. */
    private static final FileTime TIME = FileTime.fromMillis(315_619_200_000L);

    /** The kinds of function apps. */
    public enum Kind {
        /** Answers requests. */
        INGRESS,
        /** Handles signals, and sweeps. */
        ENGINE,
        /** Carries out function stages. */
        WORKER
    }

    /** Refuses what is no class name. */
    public FunctionApp {
        if (!entryClass.matches("[\\p{Alpha}_][\\w$]*(\\.[\\p{Alpha}_][\\w$]*)*")) {
            throw new IllegalArgumentException(
                    "not the name of an entry class: '" + entryClass.replaceAll("\\p{Cntrl}", "?") + "'");
        }
    }

    /**
     * The functions of this app.
     *
     * @return their names
     */
    public List<String> functions() {
        return switch (kind) {
            case INGRESS -> List.of("ingress");
            case ENGINE -> List.of("engine", "sweep");
            case WORKER -> List.of("worker");
        };
    }

    /**
     * What the host reads.
     *
     * @return path to text, the same for equal arguments: {@code host.json}, and {@code function.json} in a directory for each function
     */
    public SortedMap<String, String> files() {
        SortedMap<String, String> files = new TreeMap<>();
        files.put("host.json", text(host()));
        for (String function : functions()) {
            files.put(function + "/function.json", text(function(function)));
        }
        return files;
    }

    /**
     * Writes the package that one-deploy and the Maven plugin's own upload take: a zip file, the same bytes for equal arguments and jars.
     *
     * @param jar the team's jar with all that it needs
     * @param zip the file to write
     * @throws UncheckedIOException if a disk fails
     */
    public void pack(Path jar, Path zip) {
        try (OutputStream out = Files.newOutputStream(zip);
                ZipOutputStream packed = new ZipOutputStream(out)) {
            for (Map.Entry<String, String> file : files().entrySet()) {
                enter(packed, file.getKey());
                packed.write(file.getValue().getBytes(UTF_8));
            }
            enter(packed, PackagedCode.FILE);
            packed.write(digest(jar).hex().getBytes(UTF_8));
            enter(packed, JAR);
            Files.copy(jar, packed);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot pack " + jar + " into " + zip, e);
        }
    }

    private static Digest digest(Path jar) throws IOException {
        MessageDigest sha256 = Digest.sha256();
        try (InputStream in = new DigestInputStream(Files.newInputStream(jar), sha256)) {
            in.transferTo(OutputStream.nullOutputStream());
        }
        return Digest.of(sha256);
    }

    private static void enter(ZipOutputStream packed, String name) throws IOException {
        packed.putNextEntry(new ZipEntry(name).setLastModifiedTime(TIME));
    }

    private ObjectNode host() {
        ObjectNode host = JSON.createObjectNode().put("version", "2.0");
        host.putObject("extensionBundle")
                .put("id", "Microsoft.Azure.Functions.ExtensionBundle")
                .put("version", "[4.*, 5.0.0)");
        host.put("functionTimeout", "00:10:00");
        // Every line of a stage is somebody's log.
        host.putObject("logging")
                .putObject("applicationInsights")
                .putObject("samplingSettings")
                .put("isEnabled", false);
        ObjectNode extensions = host.putObject("extensions");
        if (kind == Kind.INGRESS) {
            extensions.putObject("http").put("routePrefix", "");
        } else {
            boolean engine = kind == Kind.ENGINE;
            extensions
                    .putObject("queues")
                    .put("messageEncoding", "base64")
                    .put("maxPollingInterval", "00:00:02")
                    .put("visibilityTimeout", "00:00:10")
                    .put("maxDequeueCount", 5)
                    .put("batchSize", engine ? 16 : 1)
                    .put("newBatchThreshold", engine ? 8 : 0);
        }
        return host;
    }

    private ObjectNode function(String name) {
        Method method = Arrays.stream(AzureFunctions.class.getDeclaredMethods())
                .filter(each -> each.isAnnotationPresent(FunctionName.class)
                        && each.getAnnotation(FunctionName.class).value().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("there is no function " + name));
        ObjectNode function = JSON.createObjectNode()
                .put("scriptFile", "../" + JAR)
                .put("entryPoint", entryClass + "." + method.getName());
        ArrayNode bindings = function.putArray("bindings");
        for (Annotation[] annotations : method.getParameterAnnotations()) {
            Arrays.stream(annotations).forEach(annotation -> bind(bindings, annotation));
        }
        return function;
    }

    private static void bind(ArrayNode bindings, Annotation annotation) {
        if (annotation instanceof HttpTrigger http) {
            trigger(bindings, "httpTrigger", http.name())
                    .put("route", http.route())
                    .put("authLevel", level(http.authLevel()));
            binding(bindings, "http", "out", "$return");
        } else if (annotation instanceof QueueTrigger queue) {
            trigger(bindings, "queueTrigger", queue.name())
                    .put("queueName", queue.queueName())
                    .put("connection", queue.connection());
        } else if (annotation instanceof TimerTrigger timer) {
            trigger(bindings, "timerTrigger", timer.name()).put("schedule", timer.schedule());
        }
    }

    private static ObjectNode trigger(ArrayNode bindings, String type, String name) {
        return binding(bindings, type, "in", name);
    }

    private static ObjectNode binding(ArrayNode bindings, String type, String direction, String name) {
        ObjectNode binding = JsonNodeFactory.instance
                .objectNode()
                .put("type", type)
                .put("direction", direction)
                .put("name", name);
        bindings.add(binding);
        return binding;
    }

    private static String level(AuthorizationLevel level) {
        return level.name().toLowerCase(Locale.ROOT);
    }

    private static String text(ObjectNode json) {
        try {
            return JSON.writerWithDefaultPrettyPrinter()
                            .writeValueAsString(json)
                            .replace("\r\n", "\n") + "\n";
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }
}
