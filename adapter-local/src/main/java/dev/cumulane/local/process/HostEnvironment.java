// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.local.process;

import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The part of this process's environment that a child may have.
 *
 * <p>A list of what is allowed, not of what is forbidden: cloud credentials and tokens that happen to lie in a developer's shell do not reach a build.
 */
public final class HostEnvironment {
    private static final Set<String> ALLOWED = Set.of(
            // where things are
            "PATH",
            "HOME",
            "USER",
            "LOGNAME",
            "SHELL",
            "TMPDIR",
            "XDG_CONFIG_HOME",
            "XDG_CACHE_HOME",
            // language and time
            "LANG",
            "LANGUAGE",
            "TZ",
            // tools of a build
            "JAVA_HOME",
            "MAVEN_HOME",
            "M2_HOME",
            "MAVEN_USER_HOME",
            "MAVEN_OPTS",
            "MAVEN_ARGS",
            "GRADLE_USER_HOME",
            "GRADLE_OPTS",
            // the way to the network
            "http_proxy",
            "https_proxy",
            "no_proxy",
            "all_proxy",
            "HTTP_PROXY",
            "HTTPS_PROXY",
            "NO_PROXY",
            "ALL_PROXY",
            "SSL_CERT_FILE",
            "SSL_CERT_DIR",
            "CURL_CA_BUNDLE",
            "GIT_SSL_CAINFO",
            "NODE_EXTRA_CA_CERTS",
            "REQUESTS_CA_BUNDLE");

    private HostEnvironment() {}

    /**
     * What of this process's own environment is allowed.
     *
     * @return a fresh map, which the caller may add to
     */
    public static SortedMap<String, String> allowed() {
        return allowedOf(System.getenv());
    }

    static SortedMap<String, String> allowedOf(Map<String, String> environment) {
        SortedMap<String, String> allowed = new TreeMap<>();
        environment.forEach((name, value) -> {
            if (ALLOWED.contains(name) || name.startsWith("LC_")) {
                allowed.put(name, value);
            }
        });
        allowed.putIfAbsent("PATH", "/usr/local/bin:/usr/bin:/bin");
        return allowed;
    }
}
