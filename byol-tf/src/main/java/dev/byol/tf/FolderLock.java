package dev.byol.tf;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Keeps a folder for one process. The operating system holds the lock, on the file {@code lock} in the folder, so that it is free as soon
 * as the process ends, however it ends; the file itself stays, and holds the number of the last process that had the lock.
 */
public final class FolderLock implements AutoCloseable {
    private static final String NAME = "lock";

    /** Beyond the text, which others may read. */
    private static final long LOCKED_BYTE = Long.MAX_VALUE - 1;

    /** Folders locked by this process: a second channel on the file, once closed, would free the lock of the first. */
    private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

    private final Path folder;
    private final FileChannel channel;

    private FolderLock(Path folder, FileChannel channel) {
        this.folder = folder;
        this.channel = channel;
    }

    /**
     * Takes the lock of a folder.
     *
     * @param folder made if it does not exist
     * @throws IOException if another process, or another part of this one, has the lock: the message names the folder and the process;
     *     or if the folder cannot be written
     */
    public static FolderLock take(Path folder) throws IOException {
        Files.createDirectories(folder);
        Path real = folder.toRealPath();
        if (!HELD.add(real)) {
            throw new IOException(
                    inUse(folder, Long.toString(ProcessHandle.current().pid())));
        }
        try {
            return new FolderLock(real, locked(folder, real.resolve(NAME)));
        } catch (IOException | RuntimeException e) {
            HELD.remove(real);
            throw e;
        }
    }

    private static FileChannel locked(Path folder, Path file) throws IOException {
        FileChannel channel =
                FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        try {
            FileLock lock = channel.tryLock(LOCKED_BYTE, 1, false);
            if (lock == null) {
                throw new IOException(inUse(
                        folder,
                        Files.readString(file, StandardCharsets.ISO_8859_1).strip()));
            }
            channel.truncate(0);
            byte[] pid = (ProcessHandle.current().pid() + "\n").getBytes(StandardCharsets.US_ASCII);
            channel.write(ByteBuffer.wrap(pid), 0);
            return channel;
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    private static String inUse(Path folder, String pid) {
        return folder + " is in use by " + (pid.matches("\\d{1,10}") ? "process " + pid : "another process")
                + ": take another folder, or wait until it ends";
    }

    /** Whether the file that is locked is still where it was: a folder that was deleted protects nothing. */
    boolean isInPlace() {
        return channel.isOpen() && Files.exists(folder.resolve(NAME));
    }

    /** Gives the folder free. Closing twice is harmless. */
    @Override
    public void close() throws IOException {
        if (channel.isOpen()) {
            try {
                channel.close();
            } finally {
                HELD.remove(folder);
            }
        }
    }
}
