// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.local.sqlite;

import dev.cumulane.cloud.CloudException;
import dev.cumulane.local.disk.Disk;
import dev.cumulane.local.disk.Reasons;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/** Opens a SQLite file, and says in one line why that failed. */
record Opening(Path file, Layout layout) {
    private static final String SERVICE = "SQLite";
    private static final byte[] MAGIC = "SQLite format 3\0".getBytes(StandardCharsets.US_ASCII);
    private static final int BUSY_MILLIS = 10_000;
    private static final List<String> PRAGMAS = List.of(
            "PRAGMA busy_timeout = " + BUSY_MILLIS,
            "PRAGMA synchronous = FULL",
            // Apple's fsync does not reach the disk; this one does. Elsewhere it means nothing.
            "PRAGMA fullfsync = ON",
            "PRAGMA checkpoint_fullfsync = ON",
            "PRAGMA cell_size_check = ON",
            "PRAGMA trusted_schema = OFF");

    Opening {
        if (file.toString().indexOf('?') >= 0) {
            throw new IllegalArgumentException("the path " + file
                    + " contains '?', after which the SQLite driver reads options; choose another directory");
        }
    }

    Session open() {
        try {
            Files.createDirectories(directory());
            if (Files.notExists(file)) {
                create();
            }
            requireHeader();
            Session session = connect(false);
            try {
                check(session);
                return session;
            } catch (IOException | SQLException | RuntimeException e) {
                session.close();
                throw e;
            }
        } catch (IOException e) {
            throw CloudException.permanent(
                    SERVICE, "the " + layout.what() + " " + file + " cannot be opened: " + Reasons.of(e, file), e);
        } catch (SQLException e) {
            throw failure("open it", e);
        }
    }

    Session reader() throws SQLException {
        return connect(true);
    }

    /** A failure as what it means to the caller. */
    CloudException failure(String attempt, SQLException e) {
        String what = "the " + layout.what() + " " + file;
        String during = " (while trying to " + attempt + ")";
        SQLiteErrorCode code =
                e instanceof SQLiteException sqlite ? sqlite.getResultCode() : SQLiteErrorCode.SQLITE_ERROR;
        // Extended codes carry the plain one in their lowest byte; this one is the full disk met by the file beside the
        // log.
        int plain = code == SQLiteErrorCode.SQLITE_IOERR_SHMSIZE ? SQLiteErrorCode.SQLITE_FULL.code : code.code & 0xff;
        return switch (plain) {
            case 5, 6, 9 -> CloudException.retryable(SERVICE, what + " is busy with another process" + during, e);
            case 11, 26 -> CloudException.permanent(SERVICE, what + " is damaged" + during + ": " + firstLine(e), e);
            case 13 -> CloudException.permanent(SERVICE, what + " cannot grow: the disk is full" + during, e);
            case 3, 8, 14 ->
                CloudException.permanent(SERVICE, what + " cannot be written: is the directory read-only?" + during, e);
            default -> CloudException.permanent(SERVICE, what + " failed" + during + ": " + firstLine(e), e);
        };
    }

    /**
     * Makes the file under another name and gives it its own when it is whole: so an empty file, or one without tables, is always a damaged one, and of two
     * processes that create it at once one finds the other's.
     */
    private void create() throws IOException {
        if (Files.exists(beside("-wal")) && Files.size(beside("-wal")) > 0) {
            throw CloudException.permanent(
                    SERVICE,
                    "the " + layout.what() + " " + file + " is gone, but its log "
                            + beside("-wal").getFileName() + " is there");
        }
        Path fresh = beside(".new-" + UUID.randomUUID());
        try {
            Opening opening = new Opening(fresh, layout);
            Session session = opening.connect(false);
            try {
                session.execute("PRAGMA journal_mode = WAL");
                for (String statement : layout.statements()) {
                    session.execute(statement);
                }
                session.execute("PRAGMA application_id = " + layout.application());
                session.execute("PRAGMA user_version = " + layout.version());
            } finally {
                session.close();
            }
            Disk.real().force(fresh);
            Disk.real().link(fresh, file);
        } catch (FileAlreadyExistsException e) {
            // Another process was faster; its file is as good.
            return;
        } catch (SQLException e) {
            throw failure("create it", e);
        } finally {
            for (String ending : new String[] {"", "-wal", "-shm"}) {
                Files.deleteIfExists(Path.of(fresh + ending));
            }
        }
        Disk.real().forceDirectory(directory());
    }

    private void requireHeader() throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] head = in.readNBytes(MAGIC.length);
            if (head.length < MAGIC.length) {
                throw damaged("it was truncated to " + head.length + " bytes");
            }
            if (!Arrays.equals(head, MAGIC)) {
                throw damaged("it does not begin as a SQLite file does");
            }
        }
    }

    private void check(Session session) throws SQLException, IOException {
        long application = pragma(session, "application_id");
        if (application != layout.application()) {
            throw damaged("it was not written by Cumulane, or its first page is damaged");
        }
        long version = pragma(session, "user_version");
        if (version > layout.version()) {
            throw CloudException.permanent(
                    SERVICE,
                    "the " + layout.what() + " " + file + " has version " + version
                            + ", written by a newer Cumulane; this one reads up to version " + layout.version());
        }
        if (version < layout.version()) {
            throw damaged("its version is " + version);
        }
        // SQLite would read a page that was cut off as if it ended in zeros.
        if (Files.size(file) % pragma(session, "page_size") != 0) {
            throw damaged("it was truncated to " + Files.size(file) + " bytes");
        }
        String verdict =
                session.row(row -> row.getString(1), "PRAGMA quick_check(1)").orElse("no answer");
        if (!verdict.equals("ok")) {
            throw damaged(verdict.lines().reduce((first, last) -> last).orElse(verdict));
        }
        if (pragma(session, "synchronous") != 2) {
            throw damaged("it does not wait for the disk");
        }
        String mode =
                session.row(row -> row.getString(1), "PRAGMA journal_mode").orElse("");
        if (!mode.equals("wal")) {
            throw damaged("its journal mode is " + mode + ", not wal");
        }
    }

    private Session connect(boolean reading) throws SQLException {
        Session session = new Session(DriverManager.getConnection("jdbc:sqlite:" + file));
        try {
            for (String pragma : PRAGMAS) {
                session.execute(pragma);
            }
            if (reading) {
                session.execute("PRAGMA query_only = ON");
            }
            return session;
        } catch (SQLException e) {
            session.close();
            throw e;
        }
    }

    private static long pragma(Session session, String name) throws SQLException {
        return session.row(row -> row.getLong(1), "PRAGMA " + name).orElse(-1L);
    }

    private CloudException damaged(String how) {
        return CloudException.permanent(SERVICE, "the " + layout.what() + " " + file + " is damaged: " + how);
    }

    private Path directory() {
        Path parent = file.getParent();
        if (parent == null) {
            throw new IllegalArgumentException(file + " is no file");
        }
        return parent;
    }

    private Path beside(String ending) {
        return Path.of(file + ending);
    }

    private static String firstLine(SQLException e) {
        String message = e.getMessage();
        return message == null
                ? e.getClass().getSimpleName()
                : message.lines().findFirst().orElse("");
    }
}
