package dev.byol.augment.io;

import dev.byol.augment.Canvas;
import dev.byol.augment.Image;
import dev.byol.augment.Region;
import dev.byol.augment.Size;
import java.io.IOException;

/** A JPEG file. */
final class JpegImage implements Encoded {
    private final byte[] content;
    private final JpegFrame frame;
    private final boolean atOnce;
    private final Orientation orientation;

    /** @param atOnce whether the first scan has everything, so that coefficients need not be kept */
    private JpegImage(byte[] content, JpegFrame frame, boolean atOnce, Orientation orientation) {
        this.content = content;
        this.frame = frame;
        this.atOnce = atOnce;
        this.orientation = orientation;
    }

    static boolean isJpeg(Bytes content) {
        return content.startsWith("\u00FF\u00D8\u00FF");
    }

    static JpegImage open(byte[] content) throws ImageFormatException {
        Jpeg jpeg = new Jpeg(content);
        Jpeg.Scan scan = jpeg.nextScan(Jpeg.FIRST_SEGMENT);
        if (scan == null) {
            throw new ImageFormatException("the end of the image before its data", "a scan");
        }
        return new JpegImage(content, jpeg.frame(), JpegDecoder.isAtOnce(jpeg.frame(), scan), jpeg.orientation());
    }

    @Override
    public String format() {
        return "JPEG";
    }

    @Override
    public Size size() {
        return frame.size();
    }

    @Override
    public Orientation orientation() {
        return orientation;
    }

    @Override
    public long memory(ImageDecoder.Samples samples) {
        long pixels = (long) size().width() * size().height();
        return 3 * pixels + (isGrey(samples) ? pixels : 0) + JpegDecoder.memory(frame, atOnce);
    }

    @Override
    public long result(ImageDecoder.Samples samples) {
        return (long) size().width() * size().height() * (isGrey(samples) ? 1 : 3);
    }

    private boolean isGrey(ImageDecoder.Samples samples) {
        return frame.components().size() == 1 && samples == ImageDecoder.Samples.STORED;
    }

    @Override
    public Image decode(Region needed, ImageDecoder.Samples samples) throws ImageFormatException {
        byte[] pixels = JpegDecoder.decode(content, frame, needed, byte[]::new);
        Image image = new Image(size().width(), size().height(), 3, pixels);
        return isGrey(samples) ? firstChannel(image) : image;
    }

    @Override
    public void decode(Region needed, ImageDecoder.Samples samples, Canvas into) throws IOException {
        if (isGrey(samples)) {
            Encoded.super.decode(needed, samples, into);
        } else {
            JpegDecoder.decode(content, frame, needed, length -> into.begin(size().width(), size().height(), 3));
        }
    }

    @Override
    public Encoded reduced(Size least) {
        int times = Math.min(frame.size().width() / least.width(), frame.size().height() / least.height());
        int side = frame.side() / Math.min(Math.max(Integer.highestOneBit(times), 1), frame.side());
        return new JpegImage(content, frame.reduced(side), atOnce, orientation);
    }

    private static Image firstChannel(Image image) {
        byte[] samples = image.samples();
        byte[] first = new byte[samples.length / 3];
        for (int i = 0; i < first.length; i++) {
            first[i] = samples[3 * i];
        }
        return new Image(image.width(), image.height(), 1, first);
    }
}
