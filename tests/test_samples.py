from balance.video.samples import sample_videos
from balance.video.video import probe


def test_there_are_samples_and_they_are_videos() -> None:
    videos = sample_videos()
    assert len(videos) >= 3
    assert all(probe(path).frames for path in videos)
