// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.source;

import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What follows from a clone URL: the repository's full name, the API's address, and pages for people. No payload has a part in it.
 *
 * @param forge what hosts the repository
 * @param site the clone URL without {@code .git}, if it is a web address
 * @param fullName the name under which the forge knows it
 * @param api the API's address
 */
record Addresses(Forge forge, Optional<URI> site, String fullName, Optional<String> api) {
    private static final String AZURE_MARK = "_git";

    static Addresses of(Forge forge, String url) {
        if (url.isBlank()
                || url.startsWith("-")
                || url.length() > 2048
                || url.chars().anyMatch(c -> c < ' ')) {
            throw new IllegalArgumentException(
                    "a repository has a clone URL or a path, such as 'https://github.com/acme/shop.git'");
        }
        Optional<URI> site = web(url.endsWith(".git") ? url.substring(0, url.length() - 4) : url);
        return new Addresses(forge, site, fullName(forge, url), site.flatMap(web -> api(forge, web)));
    }

    Addresses called(String name) {
        if (!name.matches("[^/\\p{Cntrl}]+(/[^/\\p{Cntrl}]+)+") || name.length() > 1024) {
            throw new IllegalArgumentException("full name '" + name.replaceAll("\\p{Cntrl}", "?")
                    + "' is not usable: owner and name with a slash between them, such as 'acme/shop'");
        }
        return new Addresses(forge, site, name, api);
    }

    Addresses api(String address) {
        if (web(address).isEmpty() || address.endsWith("/") || address.contains("?") || address.contains("#")) {
            throw new IllegalArgumentException(
                    "API address '" + address.replaceAll("\\p{Cntrl}", "?")
                            + "' is not usable: a web address without a query or a slash at its end, such as 'https://api.github.com'");
        }
        return new Addresses(forge, site, fullName, Optional.of(address));
    }

    Optional<String> commitPage(String commit) {
        return site.flatMap(web -> switch (forge) {
            case GITHUB, GITEA, FORGEJO, AZURE_REPOS -> Optional.of(web + "/commit/" + commit);
            case GITLAB -> Optional.of(web + "/-/commit/" + commit);
            case BITBUCKET_CLOUD -> Optional.of(web + "/commits/" + commit);
            case BITBUCKET_DATA_CENTER -> dataCenterPage(web).map(page -> page + "/commits/" + commit);
            case STANDARD_WEBHOOKS -> Optional.<String>empty();
        });
    }

    Optional<String> changePage(long change) {
        return site.flatMap(web -> switch (forge) {
            case GITHUB -> Optional.of(web + "/pull/" + change);
            case GITEA, FORGEJO -> Optional.of(web + "/pulls/" + change);
            case GITLAB -> Optional.of(web + "/-/merge_requests/" + change);
            case BITBUCKET_CLOUD -> Optional.of(web + "/pull-requests/" + change);
            case AZURE_REPOS -> Optional.of(web + "/pullrequest/" + change);
            case BITBUCKET_DATA_CENTER -> dataCenterPage(web).map(page -> page + "/pull-requests/" + change);
            case STANDARD_WEBHOOKS -> Optional.<String>empty();
        });
    }

    /** A clone URL {@code …/scm/PROJECT/name} belongs to the page {@code …/projects/PROJECT/repos/name}; a person's project has a tilde. */
    private static Optional<String> dataCenterPage(URI web) {
        String address = web.toString();
        int scm = address.lastIndexOf("/scm/");
        String[] parts = scm < 0 ? new String[0] : address.substring(scm + 5).split("/", -1);
        if (parts.length != 2) {
            return Optional.empty();
        }
        String owner = parts[0].startsWith("~") ? "/users/" + parts[0].substring(1) : "/projects/" + parts[0];
        return Optional.of(address.substring(0, scm) + owner + "/repos/" + parts[1]);
    }

    private static Optional<URI> web(String url) {
        if (!url.startsWith("https://") && !url.startsWith("http://")) {
            return Optional.empty();
        }
        try {
            URI web = new URI(url);
            // The authority is not shown: it may hold a password even where it has no user part that can be read.
            if (web.getHost() == null || web.getQuery() != null || web.getFragment() != null) {
                throw new IllegalArgumentException(
                        "a web address that is no clone URL; it has a host, a path and nothing"
                                + " more, such as 'https://github.com/acme/shop.git'");
            }
            String user = web.getUserInfo();
            if (user != null && user.contains(":")) {
                throw new IllegalArgumentException("the clone URL of host " + web.getHost()
                        + " holds a password; name it as a secret reference, and leave it out of the URL");
            }
            return Optional.of(new URI(web.getScheme(), null, web.getHost(), web.getPort(), web.getPath(), null, null));
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException("not a clone URL: " + e.getReason(), e);
        }
    }

    private static Optional<String> api(Forge forge, URI web) {
        String root = web.getScheme() + "://" + web.getRawAuthority();
        String path = web.getRawPath();
        return switch (forge) {
            case GITHUB ->
                Optional.of("github.com".equals(web.getHost()) ? "https://api.github.com" : root + "/api/v3");
            case GITLAB -> Optional.of(root + "/api/v4");
            case BITBUCKET_CLOUD -> Optional.of("https://api.bitbucket.org/2.0");
            case BITBUCKET_DATA_CENTER -> {
                int scm = path.lastIndexOf("/scm/");
                yield scm < 0 ? Optional.<String>empty() : Optional.of(root + path.substring(0, scm) + "/rest");
            }
            case AZURE_REPOS -> {
                int end = path.indexOf('/', 1);
                yield end < 0 ? Optional.<String>empty() : Optional.of(root + path.substring(0, end));
            }
            case GITEA, FORGEJO -> Optional.of(root + beforeLastTwo(path) + "/api/v1");
            case STANDARD_WEBHOOKS -> Optional.<String>empty();
        };
    }

    /** Gitea can live below a path: what comes before owner and name is its own. */
    private static String beforeLastTwo(String path) {
        int name = path.lastIndexOf('/');
        int owner = name <= 0 ? -1 : path.lastIndexOf('/', name - 1);
        return owner <= 0 ? "" : path.substring(0, owner);
    }

    private static String fullName(Forge forge, String url) {
        String path = url.endsWith(".git") ? url.substring(0, url.length() - 4) : url;
        int scheme = path.indexOf("://");
        if (scheme >= 0) {
            int root = path.indexOf('/', scheme + 3);
            path = root < 0 ? "" : path.substring(root);
        } else if (path.matches("[^/]+@[^/:]+:.*")) {
            path = path.substring(path.indexOf(':') + 1);
        }
        List<String> parts = Stream.of(path.split("/"))
                .filter(part -> !part.isEmpty() && !part.equals(AZURE_MARK))
                .map(part -> forge == Forge.AZURE_REPOS ? decoded(part) : part)
                .toList();
        boolean isWhole = forge == Forge.GITLAB && (scheme >= 0 || url.contains("@"));
        int first = isWhole ? 0 : Math.max(0, parts.size() - 2);
        return parts.stream().skip(first).collect(Collectors.joining("/"));
    }

    private static String decoded(String part) {
        return URLDecoder.decode(part.replace("+", "%2B"), StandardCharsets.UTF_8);
    }
}
