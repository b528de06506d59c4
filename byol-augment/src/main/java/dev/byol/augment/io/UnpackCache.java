package dev.byol.augment.io;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/**
 * A folder of unpacked gzip files, which can then be read at any position. A file is unpacked when it is first asked for,
 * and again when it has changed; it appears whole or not at all. Processes and threads that share a folder unpack a file once.
 * Nothing is deleted: the folder may be, at any time when none of its files is in use.
 */
public final class UnpackCache {
    /** Room that is left on the disk, in bytes. */
    static final long RESERVE = 256L << 20;

    private static final long STANDARD_MOST_BYTES = 256L << 30;
    private static final long CHECK_EVERY = 64L << 20;
    /** A process may not lock a file twice, so that its threads take turns before. */
    private static final Lock THREADS = new ReentrantLock();

    private static final System.Logger LOG = System.getLogger(UnpackCache.class.getName());

    private final Path folder;
    private final long mostBytes;
    private final FreeSpace free;

    /** How many bytes may be written to a folder. */
    @FunctionalInterface
    interface FreeSpace {
        long of(Path folder) throws IOException;
    }

    UnpackCache(Path folder, long mostBytes, FreeSpace free) {
        if (mostBytes < 1) {
            throw new IllegalArgumentException("mostBytes must be at least 1, got " + mostBytes);
        }
        this.folder = folder;
        this.mostBytes = mostBytes;
        this.free = free;
    }

    /**
     * A cache in a folder, which is made when it is needed.
     *
     * @param mostBytes the largest unpacked size that is accepted of a file: a small file can unpack to a thousand times its
     *     size and fill a disk. A file that would leave less than 256 MiB free is not accepted either.
     * @throws IllegalArgumentException if {@code mostBytes} is below 1
     */
    public static UnpackCache in(Path folder, long mostBytes) {
        return new UnpackCache(
                folder, mostBytes, place -> Files.getFileStore(place).getUsableSpace());
    }

    /**
     * The user's cache, {@code $XDG_CACHE_HOME/byol} or {@code ~/.cache/byol}, for files of up to 256 GiB unpacked.
     */
    public static UnpackCache standard() {
        String home = System.getenv("XDG_CACHE_HOME");
        Path base = home == null || home.isEmpty() ? Path.of(System.getProperty("user.home"), ".cache") : Path.of(home);
        return in(base.resolve("byol"), STANDARD_MOST_BYTES);
    }

    /** Where the unpacked files are. */
    public Path folder() {
        return folder;
    }

    /** The file itself if it is not compressed, its unpacked copy if it is by gzip. */
    Path plain(Path file, String expected) throws IOException {
        byte[] magic;
        try (InputStream in = Files.newInputStream(file)) {
            magic = in.readNBytes(6);
        }
        String hex = HexFormat.of().formatHex(magic);
        if (hex.startsWith("1f8b")) {
            return unpack(file);
        }
        String other = hex.startsWith("425a68")
                ? "bzip2"
                : hex.equals("fd377a585a00") ? "xz" : hex.startsWith("28b52ffd") ? "zstd" : "";
        if (!other.isEmpty()) {
            throw new DatasetException(file, "a file compressed by " + other, expected + ", or one compressed by gzip");
        }
        return file;
    }

    /**
     * Unpacks a gzip file, unless that has been done.
     *
     * @return the unpacked file, in the cache's folder
     * @throws DatasetException if the file is damaged, or unpacks to more than there may be
     */
    Path unpack(Path file) throws IOException {
        Path done = folder.resolve(name(file));
        if (Files.exists(done)) {
            return done;
        }
        Files.createDirectories(folder);
        THREADS.lock();
        try (FileChannel channel =
                        FileChannel.open(folder.resolve(".lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock lock = channel.lock()) {
            if (lock.isValid() && !Files.exists(done)) { // else another process has been faster
                LOG.log(System.Logger.Level.INFO, "unpacking {0}, once, to {1}", file, done);
                Path part = folder.resolve("." + done.getFileName() + ".part");
                try {
                    unpack(file, part);
                    Files.move(part, done, StandardCopyOption.ATOMIC_MOVE);
                } finally {
                    Files.deleteIfExists(part);
                }
            }
        } finally {
            THREADS.unlock();
        }
        return done;
    }

    /**
     * The file's own name, for people and without what some encodings lack, and which version of which file it was unpacked
     * from. That is by the URI: as text, paths of other bytes than the system's encoding has are all the same.
     */
    private static String name(Path file) throws IOException {
        Path real = file.toRealPath();
        String identity = real.toUri() + "\n" + Files.size(real) + "\n" + Files.getLastModifiedTime(real);
        String lower = String.valueOf(file.getFileName()).toLowerCase(Locale.ROOT);
        String base =
                lower.replaceFirst("\\.tgz$", ".tar").replaceFirst("\\.gz$", "").replaceAll("[^ -~]", "_");
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(identity.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash, 0, 8) + "-" + base;
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    private void unpack(Path file, Path part) throws IOException {
        long written = 0;
        long checked = 0;
        byte[] buffer = new byte[1 << 16];
        try (InputStream raw = new BufferedInputStream(Files.newInputStream(file), 1 << 16);
                InputStream in = new GZIPInputStream(raw, 1 << 16);
                OutputStream out = Files.newOutputStream(part)) {
            requireRoom(file);
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                written += n;
                if (written > mostBytes) {
                    throw new DatasetException(
                            file, "more than " + mostBytes + " bytes when unpacked", "at most as many");
                }
                if (written - checked > CHECK_EVERY) {
                    requireRoom(file);
                    checked = written;
                }
                out.write(buffer, 0, n);
            }
        } catch (EOFException e) {
            throw new DatasetException(file, "compressed data that is cut off", "a complete gzip file");
        } catch (ZipException e) {
            throw new DatasetException(file, "damaged data (" + e.getMessage() + ")", "a complete gzip file");
        }
    }

    private void requireRoom(Path file) throws IOException {
        long bytes = free.of(folder);
        if (bytes < RESERVE + CHECK_EVERY) {
            throw new DatasetException(
                    file,
                    bytes + " bytes of room in " + folder + " to unpack it to",
                    "more, of which " + RESERVE + " are left free");
        }
    }
}
