// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.local.disk;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * A disk that loses, when the power does, what was not forced: bytes of files, and names of directories. It may be told to lose the power before its n-th
 * operation, which then fails with every one after it. One thread.
 */
public final class LosingDisk implements Disk {
    /** What became of names that were not forced. A file system may do either. */
    public enum Names {
        /** They are as they were when the directory was forced. */
        LOST,
        /** They are as they last were. */
        KEPT
    }

    /** A file whatever its names, or a directory. */
    private static final class Node {
        private final boolean directory;
        private byte[] forced = new byte[0];

        Node(boolean directory) {
            this.directory = directory;
        }
    }

    private final Path root;
    private final int operationsLeft;
    private final Map<Path, Node> names = new HashMap<>();
    private final Map<Path, Node> forcedNames = new LinkedHashMap<>();
    private int operations;

    /**
     * A disk whose power lasts.
     *
     * @param root the directory that it holds
     */
    public LosingDisk(Path root) {
        this(root, Integer.MAX_VALUE);
    }

    /**
     * A disk whose power ends.
     *
     * @param root the directory that it holds
     * @param operationsLeft how many operations it does
     */
    public LosingDisk(Path root, int operationsLeft) {
        this.root = root;
        this.operationsLeft = operationsLeft;
    }

    /**
     * How many operations were asked of it.
     *
     * @return their number
     */
    public int operations() {
        return operations;
    }

    /**
     * Leaves in the directory what is there when the power comes back.
     *
     * @param unforced what became of the names
     */
    public void losePower(Names unforced) {
        try {
            empty();
            Map<Path, Node> left = new TreeMap<>(unforced == Names.KEPT ? names : forcedNames);
            for (Map.Entry<Path, Node> entry : left.entrySet()) {
                if (!Files.isDirectory(above(entry.getKey()))) {
                    continue;
                }
                if (entry.getValue().directory) {
                    Files.createDirectory(entry.getKey());
                } else {
                    Files.write(entry.getKey(), entry.getValue().forced);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public OutputStream create(Path file) throws IOException {
        spend();
        names.put(file, new Node(false));
        return Disk.real().create(file);
    }

    @Override
    public void force(Path file) throws IOException {
        spend();
        Objects.requireNonNull(names.get(file)).forced = Files.readAllBytes(file);
    }

    @Override
    public void rename(Path from, Path to) throws IOException {
        spend();
        Disk.real().rename(from, to);
        names.put(to, names.remove(from));
    }

    @Override
    public void link(Path file, Path name) throws IOException {
        spend();
        Disk.real().link(file, name);
        names.put(name, names.get(file));
    }

    @Override
    public void delete(Path file) throws IOException {
        spend();
        Disk.real().delete(file);
        names.remove(file);
    }

    @Override
    public void createDirectory(Path directory) throws IOException {
        spend();
        Disk.real().createDirectory(directory);
        names.putIfAbsent(directory, new Node(true));
    }

    @Override
    public void forceDirectory(Path directory) throws IOException {
        spend();
        forcedNames.keySet().removeIf(name -> above(name).equals(directory) && !names.containsKey(name));
        names.forEach((name, node) -> {
            if (above(name).equals(directory)) {
                forcedNames.put(name, node);
            }
        });
    }

    private static Path above(Path path) {
        return Objects.requireNonNull(path.getParent());
    }

    private void spend() throws IOException {
        if (operations >= operationsLeft) {
            throw new IOException("the power is gone");
        }
        operations++;
    }

    private void empty() throws IOException {
        List<Path> all;
        try (Stream<Path> files = Files.walk(root)) {
            all = files.filter(file -> !file.equals(root))
                    .sorted(Comparator.reverseOrder())
                    .toList();
        }
        for (Path file : all) {
            Files.delete(file);
        }
    }
}
