// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.azure.emulator;

import com.azure.core.http.HttpClient;
import com.azure.core.http.HttpRequest;
import com.azure.core.http.HttpResponse;
import com.azure.core.http.jdk.httpclient.JdkHttpClientBuilder;
import com.azure.core.util.Context;
import java.net.MalformedURLException;
import java.net.URI;
import java.net.URL;
import java.time.Duration;
import reactor.core.publisher.Mono;

/** The adapter's HTTP client, but without TLS: clients show a token only to an address that is https, and the faults between them and the emulator are in the clear. */
final class Unencrypted implements HttpClient {
    private final HttpClient client = new JdkHttpClientBuilder()
            .connectionTimeout(Duration.ofSeconds(2))
            .responseTimeout(Duration.ofMinutes(1))
            .build();

    @Override
    public Mono<HttpResponse> send(HttpRequest request) {
        return client.send(plain(request));
    }

    @Override
    public Mono<HttpResponse> send(HttpRequest request, Context context) {
        return client.send(plain(request), context);
    }

    @Override
    public HttpResponse sendSync(HttpRequest request, Context context) {
        return client.sendSync(plain(request), context);
    }

    private static HttpRequest plain(HttpRequest request) {
        HttpRequest plain = request.copy();
        plain.setUrl(plain(request.getUrl()));
        return plain;
    }

    private static URL plain(URL url) {
        try {
            return Emulators.insecure(URI.create(url.toString())).toURL();
        } catch (MalformedURLException e) {
            throw new IllegalArgumentException(e);
        }
    }
}
