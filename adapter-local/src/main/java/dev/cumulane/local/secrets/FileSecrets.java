// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.local.secrets;

import dev.cumulane.cloud.CloudException;
import dev.cumulane.cloud.Redactor;
import dev.cumulane.cloud.Secrets;
import dev.cumulane.local.disk.Reasons;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Collection;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The secrets of the local cloud: {@code npm-token} is the environment variable {@code CUMULANE_SECRET_NPM_TOKEN} or, without that, the file {@code npm-token} of
 * a directory, which nobody but its owner may read.
 *
 * <p>A reference is 1 to 100 lower-case letters, digits and single hyphens. Any thread. Nothing is remembered: a secret that changes is read anew.
 */
public final class FileSecrets implements Secrets {
    private static final Logger LOG = LoggerFactory.getLogger(FileSecrets.class);
    private static final int LARGEST = 64 * 1024;
    private static final int LONGEST_REFERENCE = 100;

    /** In characters. Of what no work was given, shorter values are masked nowhere: they could be words of any text. */
    private static final int SHORTEST_KEY = 16;

    private static final String VARIABLE = "CUMULANE_SECRET_";
    private static final Pattern REFERENCE = Pattern.compile("[a-z0-9]+(-[a-z0-9]+)*");
    private static final Set<PosixFilePermission> OWNERS = EnumSet.of(
            PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE, PosixFilePermission.OWNER_EXECUTE);

    private final Path directory;
    private final Map<String, String> environment;

    /**
     * Secrets of this process's environment and of a directory.
     *
     * @param directory the directory, which may be absent
     */
    public FileSecrets(Path directory) {
        this(directory, System.getenv());
    }

    FileSecrets(Path directory, Map<String, String> environment) {
        this.directory = directory;
        this.environment = environment;
    }

    @Override
    public boolean exists(String reference) {
        return isReference(reference)
                && (environment.containsKey(variable(reference))
                        || Files.isRegularFile(file(reference), LinkOption.NOFOLLOW_LINKS));
    }

    /**
     * A secret's value as text, for whoever starts a worker.
     *
     * @param reference the reference as the pipeline writes it
     * @return the value, of a file without the line break at its end; empty if there is no such secret
     * @throws CloudException permanent, if others than its owner may use the file, or it is larger than 64 KiB or not UTF-8; the message has no part of the value
     */
    public Optional<String> value(String reference) {
        if (!exists(reference)) {
            return Optional.empty();
        }
        String set = environment.get(variable(reference));
        return Optional.of(set == null ? text(file(reference)) : set);
    }

    @Override
    public Optional<byte[]> read(String reference) {
        return value(reference).map(value -> value.getBytes(StandardCharsets.UTF_8));
    }

    /** Knows these secrets, and every other that is long enough to be a key or a token: work on this machine could read them, those of the engine too. */
    @Override
    public String place(String reference) {
        return isReference(reference)
                ? "file " + file(reference) + ", with permissions 600, or environment variable " + variable(reference)
                : "no place: a reference has lower-case letters, digits and single hyphens";
    }

    @Override
    public Redactor redactor(Collection<String> references) {
        Map<String, String> values = new TreeMap<>();
        Set<String> all = stored();
        all.addAll(references);
        for (String reference : all) {
            try {
                value(reference)
                        .filter(value -> references.contains(reference) || value.length() >= SHORTEST_KEY)
                        .ifPresent(value -> values.put(reference, value));
            } catch (CloudException e) {
                // It could be read when the work began. That its result is not believed would end no run.
                LOG.warn("What work left is recorded without masking a secret: {}", e.getMessage());
            }
        }
        return Redactor.of(values);
    }

    /** The references of the secrets of the directory and of the environment. */
    private Set<String> stored() {
        Set<String> stored = new TreeSet<>();
        environment.keySet().stream()
                .filter(name -> name.startsWith(VARIABLE))
                .map(name -> name.substring(VARIABLE.length())
                        .toLowerCase(Locale.ROOT)
                        .replace('_', '-'))
                .forEach(stored::add);
        try (Stream<Path> files = Files.list(directory)) {
            files.forEach(file -> stored.add(file.getFileName().toString()));
        } catch (NoSuchFileException e) {
            return stored;
        } catch (IOException | UncheckedIOException e) {
            LOG.warn("The secrets in {} cannot be listed, and are masked only where work was given them", directory);
        }
        return stored;
    }

    /** Where the secrets are, and none of them. */
    @Override
    public String toString() {
        return "secrets of the environment and of " + directory;
    }

    private static String text(Path file) {
        try {
            requireOwnersAlone(file);
            try (InputStream in = new FileInputStream(file.toFile())) {
                byte[] bytes = in.readNBytes(LARGEST + 1);
                if (bytes.length > LARGEST) {
                    throw refused(file, "it is larger than " + LARGEST + " bytes");
                }
                String value = StandardCharsets.UTF_8
                        .newDecoder()
                        .decode(ByteBuffer.wrap(bytes))
                        .toString();
                if (value.indexOf('\0') >= 0) {
                    throw refused(file, "it holds a zero byte, which no environment variable can");
                }
                return value.replaceFirst("\\r?\\n\\z", "");
            }
        } catch (CharacterCodingException e) {
            throw refused(file, "it is not UTF-8 text");
        } catch (IOException e) {
            throw CloudException.permanent(
                    "secrets", "the secret in " + file + " cannot be read: " + Reasons.of(e, file), e);
        }
    }

    private static void requireOwnersAlone(Path file) throws IOException {
        if (!file.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            return;
        }
        Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(file, LinkOption.NOFOLLOW_LINKS);
        if (!OWNERS.containsAll(permissions)) {
            throw refused(
                    file, "its permissions are " + PosixFilePermissions.toString(permissions) + "; say chmod 600");
        }
    }

    private static CloudException refused(Path file, String why) {
        return CloudException.permanent("secrets", "the secret in " + file + " is not used: " + why);
    }

    private static boolean isReference(String reference) {
        return reference.length() <= LONGEST_REFERENCE
                && REFERENCE.matcher(reference).matches();
    }

    private static String variable(String reference) {
        return VARIABLE + reference.replace('-', '_').toUpperCase(Locale.ROOT);
    }

    private Path file(String reference) {
        return directory.resolve(reference);
    }
}
