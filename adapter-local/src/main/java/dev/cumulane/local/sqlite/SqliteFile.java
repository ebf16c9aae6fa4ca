// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.local.sqlite;

import dev.cumulane.cloud.CloudException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A SQLite file in WAL mode with synchronous FULL: one thread writes, a few connections read, other processes may do the same.
 *
 * <p>Whatever waits for the writer goes into one transaction, so that a hundred callers share one wait for the disk. Any thread may call; a caller waits for its
 * answer even if it is interrupted, and keeps the interrupt. Failures are {@link CloudException}s that name the file.
 */
public final class SqliteFile implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SqliteFile.class);
    private static final int LARGEST_GROUP = 1000;
    private static final int READERS = 4;

    /**
     * Something to do with the file.
     *
     * @param <T> what it gives
     */
    @FunctionalInterface
    public interface Work<T> {
        /**
         * Does it. As part of a transaction it may be done a second time, if the first was rolled back.
         *
         * @param session the connection, valid until this returns
         * @return the answer
         * @throws SQLException if it could not be done
         */
        T in(Session session) throws SQLException;
    }

    /** Tells whether anybody has changed the file. Used by one thread. */
    public final class Watch implements AutoCloseable {
        private final Session session;
        private long seen = -1;

        private Watch(Session session) {
            this.session = session;
        }

        /**
         * Whether the file was changed since the last call, by this process or another; some microseconds.
         *
         * @return true also the first time
         */
        public boolean changed() {
            try {
                long version = session.row(row -> row.getLong(1), "PRAGMA data_version")
                        .orElse(-1L);
                boolean changed = version != seen;
                seen = version;
                return changed;
            } catch (SQLException e) {
                throw opening.failure("look for changes", e);
            }
        }

        @Override
        public void close() {
            SqliteFile.close(session);
        }
    }

    private record Job<T>(String attempt, Work<T> work, CompletableFuture<T> answer) {
        Runnable run(Session session) throws SQLException {
            T value = work.in(session);
            return () -> answer.complete(value);
        }
    }

    private static final Job<Object> END = new Job<>("end", session -> "", new CompletableFuture<>());

    private final Opening opening;
    private final Session writing;
    private final Thread writer;
    private final BlockingQueue<Job<?>> jobs = new LinkedBlockingQueue<>();
    private final Object closing = new Object();
    private final Semaphore readers = new Semaphore(READERS);
    private final ConcurrentLinkedDeque<Session> idle = new ConcurrentLinkedDeque<>();
    private volatile boolean closed;
    private volatile @Nullable CloudException broken;

    private SqliteFile(Opening opening, Session writing) {
        this.opening = opening;
        this.writing = writing;
        this.writer =
                new Thread(this::writeGroups, "cumulane-" + opening.layout().what());
        writer.setDaemon(true);
    }

    /**
     * Opens a file, or creates it whole.
     *
     * @param file its name; the directories above it are created
     * @param layout what it holds
     * @return the open file
     * @throws CloudException permanent, if it is damaged, written by newer code, or cannot be written
     */
    public static SqliteFile open(Path file, Layout layout) {
        Opening opening = new Opening(file.toAbsolutePath().normalize(), layout);
        SqliteFile opened = new SqliteFile(opening, opening.open());
        opened.writer.start();
        return opened;
    }

    /**
     * Does work in a transaction and waits until it is on the disk.
     *
     * @param <T> the answer's type
     * @param attempt what is attempted, for a message such as {@code append record 7 of run/x}
     * @param work done on the writer's thread
     * @return the work's answer
     */
    public <T> T write(String attempt, Work<T> work) {
        return await(writeLater(attempt, work));
    }

    /**
     * Does work in a transaction.
     *
     * @param <T> the answer's type
     * @param attempt what is attempted
     * @param work done on the writer's thread
     * @return the work's answer, once it is on the disk; what follows upon it runs on the writer's thread and must be short
     */
    public <T> CompletableFuture<T> writeLater(String attempt, Work<T> work) {
        Job<T> job = new Job<>(attempt, work, new CompletableFuture<>());
        synchronized (closing) {
            requireOpen();
            jobs.add(job);
        }
        return job.answer;
    }

    /**
     * Reads what has been committed so far, in one consistent view if it is one query.
     *
     * @param <T> the answer's type
     * @param attempt what is attempted
     * @param work done on this thread; it cannot write
     * @return the work's answer
     */
    public <T> T read(String attempt, Work<T> work) {
        readers.acquireUninterruptibly();
        try {
            requireOpen();
            Session pooled = idle.poll();
            Session session = pooled == null ? opening.reader() : pooled;
            T answer;
            try {
                answer = work.in(session);
            } catch (SQLException | RuntimeException e) {
                close(session);
                throw e;
            }
            idle.push(session);
            return answer;
        } catch (SQLException e) {
            throw opening.failure(attempt, e);
        } finally {
            readers.release();
        }
    }

    /**
     * Begins to look for changes.
     *
     * @return a watch, which the caller closes
     */
    public Watch watch() {
        requireOpen();
        try {
            return new Watch(opening.reader());
        } catch (SQLException e) {
            throw opening.failure("look for changes", e);
        }
    }

    /**
     * Why the file cannot be written: the last write failed in a way that does not pass by itself, such as on a full disk.
     *
     * @return the failure, or empty after a write that succeeded
     */
    public Optional<CloudException> broken() {
        return Optional.ofNullable(broken);
    }

    /** Writes what waits and closes the file. Calls after this are an {@link IllegalStateException}. */
    @Override
    public void close() {
        synchronized (closing) {
            if (closed) {
                return;
            }
            closed = true;
            jobs.add(END);
        }
        boolean interrupted = false;
        while (writer.isAlive()) {
            try {
                writer.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        readers.acquireUninterruptibly(READERS);
        idle.forEach(SqliteFile::close);
        idle.clear();
        readers.release(READERS);
        // Last of all, since SQLite folds the log into the file when its last connection goes.
        close(writing);
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void requireOpen() {
        if (closed) {
            throw new IllegalStateException("the " + opening.layout().what() + " " + opening.file() + " is closed");
        }
    }

    private void writeGroups() {
        List<Job<?>> group = new ArrayList<>();
        boolean ended = false;
        while (!ended) {
            group.clear();
            try {
                group.add(jobs.take());
            } catch (InterruptedException e) {
                // Nobody but this class knows the thread; it ends by END alone.
                continue;
            }
            jobs.drainTo(group, LARGEST_GROUP - 1);
            ended = group.remove(END);
            commit(group);
        }
    }

    /** All in one transaction; if that fails, each in its own, so that one that cannot be done does not fail the others. */
    private void commit(List<Job<?>> group) {
        if (group.isEmpty()) {
            return;
        }
        try {
            writing.execute("BEGIN IMMEDIATE");
        } catch (SQLException | RuntimeException | Error e) {
            group.forEach(job -> fail(job, e));
            return;
        }
        List<Runnable> answers = new ArrayList<>(group.size());
        try {
            for (Job<?> job : group) {
                answers.add(job.run(writing));
            }
            writing.execute("COMMIT");
        } catch (SQLException | RuntimeException | Error e) {
            rollback();
            if (group.size() == 1) {
                fail(group.get(0), e);
            } else {
                List.copyOf(group).forEach(job -> commit(List.of(job)));
            }
            return;
        }
        broken = null;
        answers.forEach(Runnable::run);
    }

    private void fail(Job<?> job, Throwable e) {
        if (e instanceof SQLException sql) {
            CloudException failure = opening.failure(job.attempt, sql);
            if (!failure.retryable()) {
                broken = failure;
            }
            job.answer.completeExceptionally(failure);
        } else {
            job.answer.completeExceptionally(e);
        }
    }

    private void rollback() {
        try {
            writing.execute("ROLLBACK");
        } catch (SQLException e) {
            // After a full disk or an error of input and output SQLite has rolled back by itself.
            LOG.debug("nothing to roll back in {}", opening.file(), e);
        }
    }

    private static <T> T await(CompletableFuture<T> answer) {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return answer.get();
                } catch (InterruptedException e) {
                    interrupted = true;
                } catch (ExecutionException e) {
                    throw rethrown(e.getCause());
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static RuntimeException rethrown(@Nullable Throwable cause) {
        if (cause instanceof Error error) {
            throw error;
        }
        return cause instanceof RuntimeException e ? e : new IllegalStateException(cause);
    }

    private static void close(Session session) {
        try {
            session.close();
        } catch (SQLException e) {
            // Whatever was acknowledged is on the disk.
            LOG.debug("a connection did not close", e);
        }
    }
}
