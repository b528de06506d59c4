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
    private final Orientation orientation;

    private JpegImage(byte[] content, JpegFrame frame, Orientation orientation) {
        this.content = content;
        this.frame = frame;
        this.orientation = orientation;
    }

    static boolean isJpeg(Bytes content) {
        return content.startsWith("\u00FF\u00D8\u00FF");
    }

    static JpegImage open(byte[] content) throws ImageFormatException {
        Jpeg jpeg = new Jpeg(content);
        if (jpeg.nextScan(Jpeg.FIRST_SEGMENT) == null) {
            throw new ImageFormatException("the end of the image before its data", "a scan");
        }
        return new JpegImage(content, jpeg.frame(), jpeg.orientation());
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
        long coefficients = frame.progressive() ? frame.blocks() * 64 * Short.BYTES : 0;
        return 3 * pixels + coefficients;
    }

    @Override
    public Image decode(Region needed, ImageDecoder.Samples samples) throws ImageFormatException {
        byte[] pixels = JpegDecoder.decode(content, frame, needed, byte[]::new);
        Image image = new Image(size().width(), size().height(), 3, pixels);
        return isStoredGrey(samples) ? firstChannel(image) : image;
    }

    @Override
    public void decode(Region needed, ImageDecoder.Samples samples, Canvas into) throws IOException {
        if (isStoredGrey(samples)) {
            Encoded.super.decode(needed, samples, into);
        } else {
            JpegDecoder.decode(content, frame, needed, length -> into.begin(size().width(), size().height(), 3));
        }
    }

    private boolean isStoredGrey(ImageDecoder.Samples samples) {
        return frame.components().size() == 1 && samples == ImageDecoder.Samples.STORED;
    }

    @Override
    public Encoded reduced(Size least) {
        int times = Math.min(frame.size().width() / least.width(), frame.size().height() / least.height());
        int side = frame.side() / Math.min(Math.max(Integer.highestOneBit(times), 1), frame.side());
        return new JpegImage(content, frame.reduced(side), orientation);
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
