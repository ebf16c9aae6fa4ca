// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.local;

import dev.cumulane.cloud.CloudException;
import dev.cumulane.local.disk.Reasons;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The right to be the engine of a state directory: a lock on its file {@code engine.lock}, which the operating system takes back when the process ends, in
 * whatever way. Beside it {@code engine.json} says who holds it.
 *
 * <p>It keeps two engines from doing the same work twice as often; no safety rests on it, since records and claims are created once whoever tries. Any thread.
 */
public final class EngineLock implements AutoCloseable {
    /**
     * The process that holds the lock.
     *
     * @param pid its process id, 0 if it did not say
     * @param startedAt when it took the lock, to the millisecond
     */
    public record Holder(long pid, Instant startedAt) {}

    private static final String LOCK = "engine.lock";
    private static final String HOLDER = "engine.json";
    private static final Pattern FORM =
            Pattern.compile("\\{\"pid\":([0-9]{1,18}),\"startedAt\":\"([0-9TZ:.-]{1,40})\"\\}\\s*");
    private static final int TRIES = 10;
    private static final long BETWEEN_TRIES_NANOS = 20_000_000;

    /**
     * The locks held by this JVM. It must not open a lock file it holds once more: closing that would, by POSIX, let go of the lock.
     */
    private static final Map<Path, EngineLock> HELD = new HashMap<>();

    private final Path directory;
    private final Holder holder;
    private final FileChannel channel;

    private EngineLock(Path directory, Holder holder, FileChannel channel) {
        this.directory = directory;
        this.holder = holder;
        this.channel = channel;
    }

    /**
     * Takes the lock if no engine has it.
     *
     * @param stateDirectory the directory; it is created
     * @return the lock, which the caller closes, or empty if an engine of this or another process has it
     * @throws CloudException permanent, if the directory cannot be written
     */
    public static Optional<EngineLock> tryAcquire(Path stateDirectory) {
        synchronized (HELD) {
            try {
                Files.createDirectories(stateDirectory);
                Path directory = stateDirectory.toRealPath();
                if (HELD.containsKey(directory)) {
                    return Optional.empty();
                }
                // Somebody who asks for the holder has the lock for a moment; an engine has it for long.
                for (int i = 0; i < TRIES; i++) {
                    FileChannel channel = locked(directory);
                    if (channel != null) {
                        return Optional.of(acquired(directory, channel));
                    }
                    LockSupport.parkNanos(BETWEEN_TRIES_NANOS);
                }
                return Optional.empty();
            } catch (IOException e) {
                throw failure(stateDirectory, e);
            }
        }
    }

    /**
     * The engine of a state directory, if one runs.
     *
     * @param stateDirectory the directory, which may be absent
     * @return who it is
     * @throws CloudException permanent, if the directory cannot be read
     */
    public static Optional<Holder> holder(Path stateDirectory) {
        synchronized (HELD) {
            try {
                if (Files.notExists(stateDirectory.resolve(LOCK))) {
                    return Optional.empty();
                }
                Path directory = stateDirectory.toRealPath();
                EngineLock mine = HELD.get(directory);
                if (mine != null) {
                    return Optional.of(mine.holder);
                }
                // A holder writes who it is just after it got the lock, and deletes that just before it lets go.
                for (int i = 0; i < TRIES; i++) {
                    FileChannel channel = locked(directory);
                    if (channel != null) {
                        channel.close();
                        return Optional.empty();
                    }
                    Optional<Holder> holder = told(directory.resolve(HOLDER));
                    if (holder.isPresent()) {
                        return holder;
                    }
                    LockSupport.parkNanos(BETWEEN_TRIES_NANOS);
                }
                return Optional.of(new Holder(0, Instant.EPOCH));
            } catch (IOException e) {
                throw failure(stateDirectory, e);
            }
        }
    }

    /** Lets go of the lock. */
    @Override
    public void close() {
        synchronized (HELD) {
            if (!HELD.remove(directory, this)) {
                return;
            }
            try {
                Files.deleteIfExists(directory.resolve(HOLDER));
                channel.close();
            } catch (IOException e) {
                throw failure(directory, e);
            }
        }
    }

    private static EngineLock acquired(Path directory, FileChannel channel) throws IOException {
        try {
            Holder holder = new Holder(ProcessHandle.current().pid(), Instant.ofEpochMilli(System.currentTimeMillis()));
            Path fresh = directory.resolve(HOLDER + ".new");
            Files.writeString(fresh, "{\"pid\":" + holder.pid + ",\"startedAt\":\"" + holder.startedAt + "\"}\n");
            Files.move(fresh, directory.resolve(HOLDER), StandardCopyOption.ATOMIC_MOVE);
            EngineLock lock = new EngineLock(directory, holder, channel);
            HELD.put(directory, lock);
            return lock;
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    private static @Nullable FileChannel locked(Path directory) throws IOException {
        FileChannel channel =
                FileChannel.open(directory.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try {
            FileLock lock = channel.tryLock();
            if (lock != null) {
                return channel;
            }
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
        channel.close();
        return null;
    }

    private static Optional<Holder> told(Path file) throws IOException {
        try (var in = Files.newInputStream(file)) {
            Matcher matcher = FORM.matcher(new String(in.readNBytes(200), StandardCharsets.UTF_8));
            return matcher.matches()
                    ? Optional.of(new Holder(Long.parseLong(matcher.group(1)), Instant.parse(matcher.group(2))))
                    : Optional.empty();
        } catch (NoSuchFileException | DateTimeException e) {
            return Optional.empty();
        }
    }

    private static CloudException failure(Path directory, IOException e) {
        return CloudException.permanent(
                "state directory",
                directory
                        + (Files.isDirectory(directory) ? " cannot be used: " : " cannot be created: ")
                        + Reasons.of(e, directory),
                e);
    }
}
