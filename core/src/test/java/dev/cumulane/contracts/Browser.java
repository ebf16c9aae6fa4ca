// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.contracts;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cumulane.cloud.contract.Awaiting;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/** A Chromium that a test uses as a person does: by its W3C WebDriver protocol, through Debian's {@code chromedriver}. */
public final class Browser implements AutoCloseable {
    /** The keys of the WebDriver protocol that are no characters. */
    public static final String TAB = "\ue004";

    public static final String ENTER = "\ue007";

    private static final String ELEMENT = "element-6066-11e4-a52e-4f735466cecf";
    private static final Duration LONGEST_CALL = Duration.ofSeconds(30);

    private final HttpClient http = HttpClient.newHttpClient();
    private final Process driver;
    private final String root;
    private String session = "";

    private Browser(Process driver, int port) {
        this.driver = driver;
        this.root = "http://127.0.0.1:" + port;
    }

    /** Starts one, if it is here; its profile is in the directory. */
    public static Browser start(Path directory) throws Exception {
        Needed.that(
                Needed.find("chromium").isPresent()
                        && Needed.find("chromedriver").isPresent(),
                "there is no chromium with its chromedriver here; Debian's packages are chromium and chromium-driver");
        int port;
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        Process driver = new ProcessBuilder("chromedriver", "--port=" + port)
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("chromedriver.log").toFile())
                .start();
        Browser browser = new Browser(driver, port);
        try {
            Awaiting.until("the driver listens", browser::isReady);
            browser.begin(directory.resolve("profile"));
            return browser;
        } catch (Exception | AssertionError e) {
            browser.close();
            throw e;
        }
    }

    private boolean isReady() {
        try {
            return call("GET", "/status", Optional.empty()).path("ready").asBoolean();
        } catch (IOException | InterruptedException e) {
            return false;
        }
    }

    private void begin(Path profile) throws IOException, InterruptedException {
        ObjectNode wanted = JsonNodeFactory.instance.objectNode();
        ObjectNode always = wanted.putObject("capabilities").putObject("alwaysMatch");
        always.putObject("goog:loggingPrefs").put("browser", "ALL");
        ArrayNode flags = always.putObject("goog:chromeOptions").putArray("args");
        List.of(
                        "--headless",
                        "--no-sandbox",
                        "--disable-gpu",
                        "--disable-quic",
                        "--disable-dev-shm-usage",
                        "--no-first-run",
                        "--disable-background-networking",
                        "--disable-component-update",
                        "--disable-sync",
                        "--window-size=1200,1000",
                        "--user-data-dir=" + profile)
                .forEach(flags::add);
        session =
                call("POST", "/session", Optional.of(wanted)).path("sessionId").asText();
    }

    public void open(String address) throws IOException, InterruptedException {
        post("/url", JsonNodeFactory.instance.objectNode().put("url", address));
    }

    public String title() throws IOException, InterruptedException {
        return get("/title").asText();
    }

    public String address() throws IOException, InterruptedException {
        return get("/url").asText();
    }

    /** What a person reads of the page's first element that a CSS selector finds; empty if there is none. */
    public String text(String selector) throws IOException, InterruptedException {
        return script("return document.querySelector(arguments[0])?.innerText ?? ''", selector)
                .asText();
    }

    /** Calls JavaScript in the page. */
    public JsonNode script(String code, String... arguments) throws IOException, InterruptedException {
        ObjectNode body = JsonNodeFactory.instance.objectNode().put("script", code);
        ArrayNode all = body.putArray("args");
        List.of(arguments).forEach(all::add);
        return post("/execute/sync", body);
    }

    /** Presses keys, wherever the focus is. */
    public void press(String keys) throws IOException, InterruptedException {
        JsonNode active = get("/element/active");
        post(
                "/element/" + active.path(ELEMENT).asText() + "/value",
                JsonNodeFactory.instance.objectNode().put("text", keys));
    }

    /** Presses Tab until the element that a selector finds has the focus, as somebody does who has no mouse. */
    public void tabTo(String selector) throws IOException, InterruptedException {
        for (int i = 0; i < 200; i++) {
            if (script("return document.activeElement === document.querySelector(arguments[0])", selector)
                    .asBoolean()) {
                return;
            }
            press(TAB);
        }
        throw new AssertionError("200 presses of Tab do not lead to " + selector);
    }

    /** What the browser's console says, such as violations of the page's policy. */
    public List<String> console() throws IOException, InterruptedException {
        List<String> lines = new ArrayList<>();
        post("/se/log", JsonNodeFactory.instance.objectNode().put("type", "browser"))
                .forEach(entry -> lines.add(entry.path("level").asText() + " "
                        + entry.path("message").asText()));
        return lines;
    }

    /** Calls a command of Chromium's own protocol. */
    public void chromium(String command, ObjectNode parameters) throws IOException, InterruptedException {
        ObjectNode body = JsonNodeFactory.instance.objectNode().put("cmd", command);
        body.set("params", parameters);
        post("/goog/cdp/execute", body);
    }

    /** What the page looks like, as a PNG file. */
    public void picture(Path file) throws IOException, InterruptedException {
        Files.write(file, Base64.getDecoder().decode(get("/screenshot").asText()));
    }

    private JsonNode get(String path) throws IOException, InterruptedException {
        return call("GET", "/session/" + session + path, Optional.empty());
    }

    private JsonNode post(String path, ObjectNode body) throws IOException, InterruptedException {
        return call("POST", "/session/" + session + path, Optional.of(body));
    }

    private JsonNode call(String method, String path, Optional<ObjectNode> body)
            throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(root + path))
                .timeout(LONGEST_CALL)
                .method(
                        method,
                        body.map(json -> HttpRequest.BodyPublishers.ofString(json.toString()))
                                .orElseGet(HttpRequest.BodyPublishers::noBody))
                .build();
        HttpResponse<String> answer = http.send(request, HttpResponse.BodyHandlers.ofString());
        if (answer.statusCode() != 200) {
            throw new IOException(method + " " + path + ": " + answer.statusCode() + " " + answer.body());
        }
        return JsonMapper.builder().build().readTree(answer.body()).path("value");
    }

    @Override
    public void close() throws IOException {
        try {
            if (!session.isEmpty()) {
                call("DELETE", "/session/" + session, Optional.empty());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            driver.destroy();
            driver.onExit().join();
        }
    }
}
